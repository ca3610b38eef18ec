import { readFileSync } from 'node:fs';
import { arch, hostname, release } from 'node:os';
import { getopt } from './getopt.js';
import { type Node, say } from './node.js';
import { Refusal } from './refusal.js';

const quiet = {
  'no-pager': { takes: 'nothing' },
  'no-legend': { takes: 'nothing' },
  help: { takes: 'nothing', letter: 'h' },
  'no-ask-password': { takes: 'nothing' },
} as const;

/** hostnamectl(1): shows what the node is called; nothing of it can be changed. */
export function hostnamectl(argv: readonly string[], node: Node): number {
  const { options, words } = getopt(argv, {
    ...quiet,
    static: { takes: 'nothing' },
    transient: { takes: 'nothing' },
    pretty: { takes: 'nothing' },
    json: { takes: 'word' },
  });
  if (options.some(({ name }) => name === 'json')) throw new Refusal('hostnamectl --json', 'read its lines');
  if (options.some(({ name }) => name === 'help')) return say('hostnamectl [status | hostname]\n');
  const [verb = 'status', ...rest] = words;
  const name = node.name || hostname();
  if (options.some(({ name: option }) => option === 'pretty')) return say('\n');
  if (options.some(({ name: option }) => option === 'static' || option === 'transient'))
    return say(`${name}\n`);
  if (verb === 'hostname' && rest.length === 0) return say(`${name}\n`);
  if (verb !== 'status')
    throw new Refusal(`hostnamectl ${verb}`, 'the name of a node is that of its role and number');
  const system = /^PRETTY_NAME="?(.*?)"?$/m.exec(textOf('/etc/os-release'))?.[1];
  const lines: ReadonlyArray<readonly [string, string | undefined]> = [
    ['Static hostname', name],
    ['Machine ID', textOf('/etc/machine-id').trim() || undefined],
    ['Virtualization', 'nxc (flavour local)'],
    ['Operating System', system],
    ['Kernel', `Linux ${release()}`],
    ['Architecture', { x64: 'x86-64', arm64: 'arm64' }[arch() as string] ?? arch()],
  ];
  return say(
    lines.map(([key, value]) => (value === undefined ? '' : `${key.padStart(16)}: ${value}\n`)).join(''),
  );
}

/** loginctl(1): nobody logs in to a node, so its lists are empty. */
export function loginctl(argv: readonly string[]): number {
  const { words } = getopt(argv, quiet);
  const kind = { 'list-sessions': 'sessions', 'list-users': 'users', 'list-seats': 'seats' }[
    words[0] ?? 'list-sessions'
  ];
  if (kind === undefined || words.length > 1)
    throw new Refusal(
      `loginctl ${words.join(' ')}`,
      'they have no sessions; processes of a user are ended with pkill -u USER',
    );
  return say(`No ${kind}.\n`);
}

/** timedatectl(1): shows the time, which is this machine's. */
export function timedatectl(argv: readonly string[]): number {
  const { options, words } = getopt(argv, {
    ...quiet,
    property: { takes: 'word', letter: 'p' },
    value: { takes: 'nothing' },
  });
  const now = new Date();
  const zone = process.env.TZ?.replace(/^:/, '') || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [verb = 'status'] = words;
  if (verb === 'show') {
    const all: Record<string, string> = { Timezone: zone, TimeUSec: String(now) };
    const asked = options.flatMap(({ name, value }) => (name === 'property' ? [value!] : []));
    const missing = asked.find(name => !(name in all));
    if (missing !== undefined)
      throw new Refusal(`the property ${missing} of timedatectl`, `see ${Object.keys(all).join(' and ')}`);
    const bare = options.some(({ name }) => name === 'value');
    const names = asked.length > 0 ? asked : Object.keys(all);
    return say(names.map(name => `${bare ? '' : `${name}=`}${all[name]}\n`).join(''));
  }
  if (verb !== 'status')
    throw new Refusal(
      `timedatectl ${verb}`,
      "their clock is this machine's; set time.timeZone in the composition",
    );
  const utc = now.toUTCString();
  return say(
    `               Local time: ${now.toString().replace(/ GMT.*/, '')} ${zone}\n           Universal time: ${utc.replace('GMT', 'UTC')}\n                Time zone: ${zone}\n`,
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
