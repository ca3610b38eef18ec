import { createReadStream, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { append, withPrefix } from './append.js';
import { getopt, type Spec, UsageError } from './getopt.js';
import { parsePri } from './levels.js';
import { type Node, say } from './node.js';
import { Refusal } from './refusal.js';

const [nothing, word, maybe] = [{ takes: 'nothing' }, { takes: 'word' }, { takes: 'maybe' }] as const;

const specs: Readonly<Record<string, Spec>> = {
  i: { ...nothing, letter: 'i' },
  id: maybe,
  file: { ...word, letter: 'f' },
  'skip-empty': { ...nothing, letter: 'e' },
  'no-act': nothing,
  priority: { ...word, letter: 'p' },
  'prio-prefix': nothing,
  stderr: { ...nothing, letter: 's' },
  size: { ...word, letter: 'S' },
  tag: { ...word, letter: 't' },
  help: { ...nothing, letter: 'h' },
  version: { ...nothing, letter: 'V' },
};

/** For another machine, or for a program that listens on a socket. */
const elsewhere: Readonly<Record<string, Spec>> = {
  server: { ...word, letter: 'n' },
  port: { ...word, letter: 'P' },
  tcp: { ...nothing, letter: 'T' },
  udp: { ...nothing, letter: 'd' },
  socket: { ...word, letter: 'u' },
  'socket-errors': maybe,
  'octet-count': nothing,
  rfc3164: nothing,
  rfc5424: maybe,
  'sd-id': word,
  'sd-param': word,
  msgid: word,
  journald: maybe,
};

/** logger(1): writes to the node's journal. */
export async function logger(argv: readonly string[], node: Node): Promise<number> {
  const { options, words } = getopt(argv, { ...specs, ...elsewhere });
  const value = (name: string) => options.findLast(option => option.name === name)?.value;
  const has = (name: string) => options.some(option => option.name === name);
  const strange = options.find(({ name }) => Object.hasOwn(elsewhere, name));
  if (strange)
    throw new Refusal(
      `logger --${strange.name}`,
      'write to the journal without it, or send the message with nc',
    );
  if (has('help'))
    return say(
      `logger [OPTIONS] [MESSAGE]\n\nOf logger(1) a node of flavour local has: ${Object.keys(specs)
        .map(name => `--${name}`)
        .join(' ')}\n`,
    );
  if (has('version')) return say('logger of a node of flavour local (nxc)\n');
  const pri = parsePri(value('priority') ?? 'user.notice', 1);
  const identifier = value('tag') ?? userInfo().username;
  const size = Number(value('size') ?? 8192);
  if (!Number.isInteger(size) || size < 1)
    throw new UsageError(`failed to parse message size: '${value('size')}'`);
  const given = value('id');
  if (given !== undefined && !/^\d+$/.test(given)) throw new UsageError(`failed to parse id: '${given}'`);
  const pid = given === undefined ? process.pid : Number(given);
  const one = (line: string): void => {
    const found = has('prio-prefix') && words.length === 0 ? withPrefix(line, pri) : { pri, message: line };
    if (has('stderr')) {
      const tag = has('i') || has('id') ? `${identifier}[${pid}]` : identifier;
      process.stderr.write(`<${found.pri}>${timeOf(new Date())} ${tag}: ${found.message}\n`);
    }
    if (has('no-act')) return;
    append(node, { transport: 'syslog', identifier, pri: found.pri, pid, message: found.message.trimEnd() });
  };
  if (words.length > 0) one(words.join(' ').slice(0, size));
  else
    for await (const line of linesOf(value('file')))
      if (line !== '' || !has('skip-empty'))
        for (let at = 0; at === 0 || at < line.length; at += size) one(line.slice(at, at + size));
  return 0;
}

function linesOf(file: string | undefined): AsyncIterable<string> | string[] {
  if (file === undefined) return createInterface({ input: process.stdin });
  try {
    return /^\/dev\//.test(file)
      ? createInterface({ input: createReadStream(file) })
      : readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`file ${file}: ${code === 'ENOENT' ? 'No such file or directory' : message}`);
  }
}

function timeOf(date: Date): string {
  const [, month, day, , time] = /^\w+ (\w+) (\d+) (\d+) (\S+)/.exec(date.toString())!;
  return `${month} ${String(Number(day)).padStart(2)} ${time}`;
}
