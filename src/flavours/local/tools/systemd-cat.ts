import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { append, withPrefix } from './append.js';
import { getopt, type Spec, UsageError } from './getopt.js';
import { parseBoolean } from './journal-options.js';
import { levelOf } from './levels.js';
import { type Node, say } from './node.js';

const specs: Readonly<Record<string, Spec>> = {
  help: { takes: 'nothing', letter: 'h' },
  version: { takes: 'nothing' },
  identifier: { takes: 'word', letter: 't' },
  priority: { takes: 'word', letter: 'p' },
  'stderr-priority': { takes: 'word' },
  'level-prefix': { takes: 'word' },
};

/** systemd-cat(1): runs a command whose output goes to the journal, or copies its own input there. */
export async function systemdCat(argv: readonly string[], node: Node): Promise<number> {
  const { options, words } = getopt(argv, specs, { first: true });
  const value = (name: string) => options.findLast(option => option.name === name)?.value;
  if (options.some(({ name }) => name === 'help'))
    return say(
      `systemd-cat [OPTIONS...] COMMAND ...\n\n${Object.keys(specs)
        .map(name => `  --${name}\n`)
        .join('')}`,
    );
  if (options.some(({ name }) => name === 'version'))
    return say('systemd-cat of a node of flavour local (nxc)\n');
  const priority = parseLevel(value('priority') ?? 'info');
  const onStderr = parseLevel(value('stderr-priority') ?? String(priority));
  const prefixed = parseBoolean(value('level-prefix') ?? 'yes', '--level-prefix=');
  const identifier = value('identifier') ?? basename(words[0] ?? 'cat');
  const copy = async (input: Readable, level: number, pid?: number): Promise<void> => {
    for await (const line of createInterface({ input })) {
      const found = prefixed ? withPrefix(line, level) : { pri: level, message: line };
      append(node, { transport: 'stdout', identifier, ...found, ...(pid !== undefined && { pid }) });
    }
  };
  const [command, ...rest] = words;
  if (command === undefined) {
    await copy(process.stdin, priority);
    return 0;
  }
  const child = spawn(command, rest, { stdio: ['inherit', 'pipe', 'pipe'] });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const ended = once(child, 'close').catch(error => {
    throw new UsageError(
      `Failed to execute process: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'No such file or directory' : (error as Error).message}`,
    );
  });
  const [[status, signal]] = (await Promise.all([
    ended,
    copy(child.stdout, priority, child.pid),
    copy(child.stderr, onStderr, child.pid),
  ])) as [[number | null, NodeJS.Signals | null], unknown, unknown];
  return status ?? 128 + (constants.signals[signal!] ?? 0);
}

function parseLevel(word: string): number {
  const level = levelOf(word);
  if (level === undefined) throw new UsageError('Failed to parse priority value.');
  return level;
}
