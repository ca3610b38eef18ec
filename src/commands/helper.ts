import { NxcError } from '../errors.js';
import { withJobs } from '../jobs/board.js';
import { installedNix } from '../nix-cli/find.js';
import { installStaticNix, STATIC_NIX } from '../nix-cli/install.js';
import { nearest } from '../suggest.js';
import type { Command, CommandContext } from './command.js';
import { UsageError } from './usage-error.js';

interface HelperOptions {
  list?: boolean;
  force?: boolean;
  from: string;
}

interface Helper {
  summary: string;
  run(words: readonly string[], options: HelperOptions, context: CommandContext): Promise<void>;
}

/** Small things around deployments that are no verb of their own, as upstream's `helper` has them. */
const helpers: Readonly<Record<string, Helper>> = {
  'install-nix': { summary: 'install Nix for this user alone, in ~/.local/bin', run: installNix },
};

export const helper: Command<HelperOptions> = {
  name: 'helper',
  summary: `small things around deployments: ${Object.keys(helpers).join(', ')}`,
  examples: ['helper --list', 'helper install-nix'],
  configure(program) {
    program
      .argument('[name]', 'which one')
      .argument('[words...]', 'what it is given')
      .option('-l, --list', 'list the helpers')
      .option('--force', 'install-nix: also where there is a Nix')
      .option('--from <url>', 'install-nix: where the programs lie', STATIC_NIX);
  },
  complete: ({ before }) => (before.length === 0 ? Object.keys(helpers) : []),
  async run([name, ...words], options, context) {
    if (options.list || name === undefined) {
      for (const [each, { summary }] of Object.entries(helpers))
        context.display.write(`${each.padEnd(14)}${summary}\n`);
      return 0;
    }
    const found = Object.hasOwn(helpers, name) ? helpers[name] : undefined;
    if (!found) {
      throw new UsageError({
        asked: `there is no helper "${name}"`,
        nearest: nearest(name, Object.keys(helpers)),
        found: `helpers are ${Object.keys(helpers).join(', ')}`,
      });
    }
    await found.run(words, options, context);
    return 0;
  },
};

async function installNix(
  _words: readonly string[],
  { force, from }: HelperOptions,
  { display, signal }: CommandContext,
): Promise<void> {
  const there = installedNix();
  if (there && !force) {
    throw new NxcError({
      asked: 'Nix is installed here already',
      found: there,
      todo: 'use it; or install another one for this user with --force',
    });
  }
  const { path, sha256 } = await withJobs(display, signal, jobs => installStaticNix(from, jobs));
  display.write(`sha256 ${sha256}\n`);
  const first = installedNix();
  if (first !== path) display.write(`warning: ${first} comes first\n`, 'stderr');
}
