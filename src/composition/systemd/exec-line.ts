/** What stands in units, read as systemd reads it: command lines (here), their words and specifiers, time spans, and the order of units. */
import { quote } from '../../process/quote.js';
import { CompositionError } from '../errors.js';
import type { UnitCommand } from '../role-spec.js';
import { expandSpecifiers, type Segment, type UnitIdentity } from './specifiers.js';
import { splitWords, type Word } from './words.js';

interface Prefixes {
  ignoreFailure: boolean;
  ownName: boolean;
  noVariables: boolean;
  rest: string;
}

export interface ExecContext extends UnitIdentity {
  /** The unit's environment: its variables are put in now, others are looked up when the command runs. */
  environment: Readonly<Record<string, string>>;
  /** Names the option in errors: `systemd.services.web.serviceConfig.ExecStart`. */
  what: string;
}

/**
 * The commands of one ExecStart= (or ExecStop=, …) line, as systemd.service(5) reads it: prefixes, quotes, specifiers,
 * ${VAR} inside a word and $VAR as words of its own, `;` between commands. An empty line is no command.
 */
export function parseExecLine(line: string, context: ExecContext): UnitCommand[] {
  return commandsOf(splitWords(line, context.what)).map(words => toCommand(words, context));
}

function commandsOf(words: readonly Word[]): Word[][] {
  const commands: Word[][] = [[]];
  for (const word of words) {
    if (word.bare && word.text === ';') commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands.filter(command => command.length > 0);
}

function toCommand([first, ...others]: readonly Word[], context: ExecContext): UnitCommand {
  const prefixes = readPrefixes(first!.text);
  const program = fixed(expandSpecifiers(prefixes.rest, context, context.what), context);
  if (!/^(\/[^$]*|[\w.+-]+)$/.test(program)) {
    throw new CompositionError({
      asked: `${context.what} does not begin with a program`,
      found: JSON.stringify(first!.text),
      todo: 'write its full path, for example ${pkgs.nodejs}/bin/node, or use `script` for shell text',
    });
  }
  const words = others.map(({ text }) => segmentsOf(text, prefixes.noVariables, context));
  const ownName = prefixes.ownName ? words.shift() : undefined;
  if (prefixes.ownName && !ownName) {
    throw new CompositionError({ asked: `${context.what} has @ but no name after the program` });
  }
  const known = words.map(word => word.segments).every(segments => segments.every(isText));
  if (known && !ownName) {
    const argv = [program, ...words.flatMap(({ segments, split }) => splitIf(split, segments.join('')))];
    return { kind: 'exec', argv, ignoreFailure: prefixes.ignoreFailure };
  }
  const call = [
    'exec',
    ...(ownName ? ['-a', shellWord(ownName)] : []),
    quote(program),
    ...words.map(shellWord),
  ];
  // A subshell, so that `|| true` still has a shell to run in. Globs would spoil $VAR as words of its own.
  const text = prefixes.ignoreFailure
    ? `set -f\n(${call.join(' ')}) || true\n`
    : `set -f\n${call.join(' ')}\n`;
  return { kind: 'script', text };
}

function readPrefixes(text: string): Prefixes {
  const [prefix = ''] = /^[-@:+!]*/.exec(text) ?? [];
  return {
    ignoreFailure: prefix.includes('-'),
    ownName: prefix.includes('@'),
    noVariables: prefix.includes(':'),
    rest: text.slice(prefix.length),
  };
}

interface ShellWord {
  segments: Segment[];
  /** $VAR as a word of its own becomes any number of words. */
  split: boolean;
}

function segmentsOf(text: string, noVariables: boolean, context: ExecContext): ShellWord {
  const expanded = expandSpecifiers(text, context, context.what);
  if (noVariables) return { segments: expanded, split: false };
  const alone = /^\$([A-Za-z_]\w*)$/.exec(text);
  if (alone) return { segments: [lookUp(alone[1]!, context)], split: true };
  const segments = expanded.flatMap(segment => (isText(segment) ? substitute(segment, context) : [segment]));
  return { segments, split: false };
}

/** ${VAR} in a word; $$ is a dollar sign. */
function substitute(text: string, context: ExecContext): Segment[] {
  return text
    .split(/(\$\$|\$\{[A-Za-z_]\w*\})/)
    .filter(piece => piece !== '')
    .map(piece => {
      if (piece === '$$') return '$';
      return piece.startsWith('${') && piece.endsWith('}') ? lookUp(piece.slice(2, -1), context) : piece;
    });
}

function lookUp(name: string, { environment }: ExecContext): Segment {
  return Object.hasOwn(environment, name) ? environment[name]! : { variable: name };
}

function fixed(segments: readonly Segment[], context: ExecContext): string {
  if (segments.every(isText)) return segments.join('');
  throw new CompositionError({ asked: `${context.what}: the program itself cannot depend on the node` });
}

function isText(segment: Segment): segment is string {
  return typeof segment === 'string';
}

function splitIf(split: boolean, text: string): string[] {
  return split ? text.split(/\s+/).filter(Boolean) : [text];
}

function shellWord({ segments, split }: ShellWord): string {
  return segments
    .map(segment => {
      if (!isText(segment)) return split ? `$${segment.variable}` : `"$${segment.variable}"`;
      return split ? splitIf(true, segment).map(quote).join(' ') : quote(segment);
    })
    .join('');
}
