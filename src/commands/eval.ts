import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { projectHere } from '../composition/project.js';
import { repositoryOf } from '../composition/repository.js';
import { quote } from '../process/quote.js';
import { visible } from '../visible.js';
import type { Command } from './command.js';
import { UsageError } from './usage-error.js';

interface EvalOptions {
  expr?: string;
  attr?: string;
  json?: boolean;
  raw?: boolean;
  strict?: boolean;
  impure?: boolean;
}

export const evaluate: Command<EvalOptions> = {
  name: 'eval',
  summary: 'show the value of a Nix expression or file, without Nix',
  examples: [
    "eval -E '(import ./composition.nix { pkgs = { }; }).testScript' --raw",
    "eval -E 'map (n: n * n) [ 1 2 3 ]' --json",
  ],
  configure(program) {
    program
      .argument('[file]', 'file, or folder with a default.nix')
      .option('-E, --expr <expression>', 'this expression instead of a file')
      .option('-A, --attr <path>', 'the value at an attribute path, like roles.server')
      .option('--impure', 'read files outside of the project, or of the folder where there is none')
      .option('--json', 'as JSON')
      .option('--raw', 'the string itself, without quotes')
      .option('--strict', 'fail when a value inside a list or set fails, instead of showing where');
  },
  async run([file], options, { workspace, display, signal }) {
    if ((file === undefined) === (options.expr === undefined)) {
      throw new UsageError({
        asked: 'eval needs a file or an expression, and not both',
        todo: "write `nxc eval FILE` or `nxc eval -E 'EXPRESSION'`",
      });
    }
    if (file !== undefined && !existsSync(resolve(workspace.cwd, file))) {
      throw new UsageError({
        asked: `there is no file ${resolve(workspace.cwd, file)}`,
        todo: `an expression has -E before it: nxc eval -E ${quote(file)}`,
      });
    }
    if (options.json && options.raw) throw new UsageError('--json and --raw exclude each other');
    const { evaluate: show } = await import('../composition/evaluation/child.js');
    const format = options.raw ? 'raw' : options.json ? 'json' : options.strict ? 'nix-strict' : 'nix';
    const text = await show(
      'show',
      {
        of: file === undefined ? { expression: options.expr! } : { file },
        directory: workspace.cwd,
        roots: options.impure ? undefined : rootsOf(workspace.cwd, file),
        attribute: options.attr ?? '',
        format,
      },
      { signal, trace: line => display.write(`${visible(line)}\n`, 'stderr') },
    );
    display.write(options.raw ? text : `${text}\n`);
    return 0;
  },
};

/** The project, or the folder, with the folder of the file that is asked for. */
function rootsOf(cwd: string, file: string | undefined): string[] {
  const folder = projectHere(cwd)?.directory ?? cwd;
  const roots = [repositoryOf(folder) ?? folder, cwd, '/nix/store'];
  if (file === undefined) return roots;
  const asked = resolve(cwd, file);
  return [...roots, statSync(asked).isDirectory() ? asked : dirname(asked)];
}
