/**
 * Programs of a node of flavour local that stand for systemd's, in one file that the node's copy of Node runs (node/tool.sh):
 * `main.js NAME ARGUMENTS…`. What systemd has and a node does not is an error with what to do; nothing is left out silently.
 */
import { hostname } from 'node:os';
import { absent } from './absent.js';
import { OptionError, UsageError } from './getopt.js';
import { journalctl } from './journalctl.js';
import { logger } from './logger.js';
import type { Node } from './node.js';
import { hostnamectl, loginctl, timedatectl } from './other-tools.js';
import { Refusal } from './refusal.js';
import { systemdCat } from './systemd-cat.js';
import { systemdRun } from './systemd-run.js';

const tools: Readonly<Record<string, (argv: readonly string[], node: Node) => Promise<number> | number>> = {
  journalctl,
  logger,
  hostnamectl,
  loginctl,
  timedatectl,
  'systemd-run': systemdRun,
  'systemd-cat': systemdCat,
};

async function main([tool = '', ...argv]: readonly string[]): Promise<void> {
  const { NXC_NODE, NXC_RUN = '/run/nxc', NXC_ETC = '/etc/nxc' } = process.env;
  // Whoever reads may have seen enough, as `| head` and `| grep -q` do; with pipefail it would be a failure.
  process.stdout.on('error', () => process.exit(0));
  try {
    if (Object.hasOwn(absent, tool)) throw new Refusal(tool, absent[tool]);
    process.exitCode = await tools[tool]!(argv, { name: NXC_NODE ?? hostname(), run: NXC_RUN, etc: NXC_ETC });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof Refusal)) throw error;
    // Programs of systemd name themselves only where the C library speaks for them.
    const named = error instanceof OptionError || error instanceof Refusal || tool === 'logger';
    process.stderr.write(`${named ? `${tool}: ` : ''}${error.message}\n`);
    process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
