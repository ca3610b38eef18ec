import type { Converter, Diagnostic } from 'tslab/dist/converter.js';
import type { Completion } from '../../session/interpreter.js';
import { createConverter } from './converter.js';
import { globalDeclarations } from './declarations.js';
import type { Diagnosis, Explanation } from './messages.js';
import { plainModule } from './plain-module.js';

const ROUNDS = 3;
const MOST_MATCHES = 500;

/** What TypeScript knows of a notebook: the declarations of all cells that ran, and of what is there without any. */
export class LanguageModel {
  readonly #converter: Converter = createConverter();
  #withExperimental: Converter | undefined;
  #globals = '';
  learned = '';

  constructor() {
    this.declare('');
    // The first question is the slow one: it is asked here, before anyone waits.
    this.#converter.complete('', 'c', 1);
  }

  /** Kept in memory, as if it were a file beside the notebook. */
  declare(declarations: string): void {
    this.#globals = globalDeclarations(declarations);
    this.#converter.addModule('__nxc_globals__', this.#globals);
  }

  /** Adds a cell's declarations. It ran, so what TypeScript has against a line counts as `any`, not as an error. */
  learn(code: string): void {
    let source = plainModule(code);
    for (let round = 0; round < ROUNDS; round++) {
      const { declOutput, diagnostics } = this.#converter.convert(this.learned, source);
      if (!diagnostics.length) {
        this.learned = declOutput ?? '';
        return;
      }
      source = ignoring(source, diagnostics);
    }
  }

  /** Where decorators are of the other kind, the code is right when it is right with that. */
  diagnose(code: string): Diagnosis[] {
    const found = this.#diagnoseWith(this.#converter, code);
    if (found.length === 0 || !code.includes('@')) return found;
    this.#withExperimental ??= createConverter({ experimental: true });
    this.#withExperimental.addModule('__nxc_globals__', this.#globals);
    const others = this.#diagnoseWith(this.#withExperimental, code);
    return others.length < found.length ? others : found;
  }

  #diagnoseWith(converter: Converter, code: string): Diagnosis[] {
    const { diagnostics } = converter.convert(this.learned, plainModule(code));
    return diagnostics
      .filter(({ fileName, code: number, messageText }) => !fileName && !isLoose(number, messageText))
      .map(({ start, messageText, code: number }) => ({
        place: { line: start.line + 1, column: start.character + 1 },
        message: messageText,
        code: number,
      }));
  }

  complete(code: string, cursor: number): Completion {
    const { start, end, candidates, original } = this.#converter.complete(
      this.learned,
      plainModule(code),
      cursor,
    );
    const typed = code.slice(start, cursor).toLowerCase();
    const matches = candidates
      .filter(name => name.toLowerCase().startsWith(typed) && !name.startsWith('__nxc'))
      .slice(0, MOST_MATCHES);
    const kinds = new Map(original?.entries.map(({ name, kind }) => [name, String(kind)]));
    return {
      matches,
      start,
      end,
      types: matches.map(text => ({ text, type: shownKind(kinds.get(text)) })),
    };
  }

  inspect(code: string, cursor: number): Explanation | undefined {
    const info = this.#converter.inspect(this.learned, plainModule(code), cursor);
    const signature = info?.displayParts?.map(part => part.text).join('') ?? '';
    if (!signature || signature === 'any') return undefined;
    const text = info.documentation?.map(part => part.text).join('') ?? '';
    const tags = (info.tags ?? []).map(({ name, text: parts }) => {
      const [subject, ...rest] = (parts ?? []).map(part => part.text);
      return name === 'param'
        ? `- \`${subject}\`${rest.join('').replace(/^\s*/, ' ')}`
        : `- @${name} ${[subject, ...rest].join('')}`;
    });
    return { signature, documentation: [text, tags.join('\n')].filter(part => part).join('\n\n') };
  }
}

/** A decorator that takes and gives any `Function` runs as well as one with the exact type; tutorials write it so. */
const isLoose = (code: number, message: string) =>
  code === 1270 && message.includes("return type 'Function' is not assignable");

/** The source with the comment that silences the compiler before every line that has an error. */
function ignoring(source: string, diagnostics: Diagnostic[]): string {
  const wrong = new Set(diagnostics.map(({ start }) => start.line));
  return source
    .split('\n')
    .flatMap((line, i) => (wrong.has(i) ? ['// @ts-ignore', line] : [line]))
    .join('\n');
}

/** TypeScript's kinds of names as front-ends have icons for them. */
function shownKind(kind = ''): string {
  if (kind === 'method' || kind.endsWith('function')) return 'function';
  if (/^(?:var|let|const|local var|parameter|alias)$/.test(kind)) return 'instance';
  if (/property|getter|setter|accessor/.test(kind)) return 'property';
  return kind || 'instance';
}
