import { basename } from 'node:path';
import { type Deployment, fanOut, type Node, nearest, quote } from '../../src/index.js';
import { MagicError } from './words.js';

/** The program that `--lang` names, with the arguments that it may have: `python3`, `node --no-warnings`. */
export class Language {
  readonly #argv: readonly string[];

  constructor(option: string) {
    this.#argv = option.split(/\s+/).filter(Boolean);
    if (this.#argv.length > 0 && !this.#argv[0]!.startsWith('-')) return;
    throw new MagicError({
      asked: `--lang ${JSON.stringify(option)} is not a program`,
      todo: 'write --lang python3, or leave --lang away for bash',
    });
  }

  /** Whether it quotes as bash does. */
  get isShell(): boolean {
    return /^(?:ba|da|k|z)?sh$/.test(basename(this.#argv[0]!));
  }

  /** The text goes into a file, so that the interpreter's stdin is the cell's and its messages have line numbers. */
  script(text: string): string {
    const argv = this.#argv.map(quote).join(' ');
    return `__nxc_cell=$(mktemp) && printf %s ${quote(text)} > "$__nxc_cell" && ${argv} "$__nxc_cell"; __nxc_status=$?; rm -f "$__nxc_cell"; (exit $__nxc_status)`;
  }

  /** Refuses when a node does not have the program; `wrap` makes a command see what the cell will. */
  async check(
    deployment: Deployment,
    nodes: readonly Node[],
    wrap: (script: string, node: Node) => string,
    options: { signal: AbortSignal; user?: string },
  ): Promise<void> {
    const program = this.#argv[0]!;
    const look = `command -v -- ${quote(program)} >/dev/null || { compgen -c; exit 1; }`;
    const looks = await fanOut(nodes, node =>
      deployment.transport(node.name).exec(wrap(look, node), options),
    );
    const lacking = nodes.filter((_, index) => looks[index]!.status !== 0);
    const [first] = looks.filter(({ status }) => status !== 0);
    if (!first) return;
    throw new MagicError({
      asked: `--lang ${program}: there is no such program on ${lacking.map(({ name }) => name).join(', ')}`,
      nearest: nearest(program, first.stdout.toString().split('\n')),
      todo: `name another one, or have it in environment.systemPackages of ${[...new Set(lacking.map(({ role }) => role))].join(', ')}`,
    });
  }
}
