import { commands, findProgram } from '../../src/index.js';
import type { CellError } from '../session/interpreter.js';
import { isMagic } from './magics/registry.js';

/** A line as a terminal takes it: a word and its arguments; `!` before it as other kernels have it. */
const COMMAND = /^\s*(!?)\s*([\w.+/-]+)(?:[ \t]+(.*))?$/;
/** What TypeScript says itself at the beginning of a line, although there are programs of that name. */
const KEYWORDS = new Set(
  'import export function class type declare enum if for while do with new'.split(' '),
);

/** A line that fails as TypeScript may be a magic without its %, or a command for a shell: the error says how to write it. */
export function explainForgottenMagic(error: CellError, code: string, firstLine: number): CellError {
  const line = lineOf(error, code, firstLine);
  const lines = line === undefined ? [] : hints(line, missingName(error));
  return lines.length === 0
    ? error
    : {
        ...error,
        evalue: [error.evalue, ...lines].join('\n'),
        traceback: [...error.traceback, ...lines],
      };
}

const missingName = ({ ename, evalue }: CellError): string | undefined =>
  ename === 'ReferenceError' ? /^(\S+) is not defined$/.exec(evalue)?.[1] : undefined;

/** The line of the cell that the error is about. */
function lineOf(error: CellError, code: string, firstLine: number): string | undefined {
  if (error.ename !== 'SyntaxError' && missingName(error) === undefined) return undefined;
  const [, line] = /In\[\d+\]:(\d+)/.exec(error.traceback.join('\n')) ?? [];
  return line === undefined ? undefined : code.split('\n')[Number(line) - 1 - firstLine];
}

function hints(line: string, missing: string | undefined): string[] {
  const [, bang, word = '', rest = ''] = COMMAND.exec(line) ?? [];
  if (word === '' || KEYWORDS.has(word) || (missing !== undefined && missing !== word)) return [];
  // `date - begin`, `x = 1`: an expression rather than arguments.
  if (!bang && /^[^\w\s]{1,2}(?:\s|$)/.test(rest) && !rest.startsWith('|')) return [];
  const asked = [word, rest].filter(Boolean).join(' ').trim();
  if (!bang && word !== 'sh' && word !== 'node' && isMagic(word))
    return [`did you mean \`${formOf(word)}${asked}\`?`];
  if (!bang && Object.hasOwn(commands, word)) return [`did you mean \`%nxc ${asked}\`?`];
  if (!bang && findProgram(word) === undefined) return [];
  return [
    `did you mean \`%sh ${asked}\`?`,
    'to do: %sh and %%sh run a shell on this machine, %%node TARGET runs one on nodes',
  ];
}

const formOf = (magic: string) => (magic === 'writefile' ? '%%' : '%');
