import { describe, expect, it } from 'vitest';
import { dockerProject, dockerUsable, ours, withoutDocker } from '../helpers/docker.js';
import { nxc } from '../helpers/executable.js';
import { type Line, table } from './systemd-table.js';

/** Prints the status and the standard output of each command line that it is given. */
const runner = `for command; do
  out=$(timeout 20 bash -c "$command" 2>/dev/null </dev/null)
  printf '%s\\x1f%s\\x1e' "$?" "$out"
done`;

/** What each line of the table comes to on a node of a flavour. */
async function outcomes(flavour: string, lines: readonly Line[]) {
  const project = await dockerProject('systemd');
  await ours(project, 'build', '-f', flavour);
  await ours(project, 'start', '--wait-units=no');
  const commands = lines.map(({ command }) => command);
  const { stdout, stderr } = await nxc(['exec', 'n', '--', 'bash', '-c', runner, 'bash', ...commands], {
    cwd: project,
  });
  const found = stdout.split('\x1e').slice(0, -1);
  if (found.length !== lines.length) throw new Error(`${stdout}${stderr}`);
  return lines.map(({ command, says }, i) => {
    const [status, text = ''] = found[i]!.split('\x1f');
    return { command, status: Number(status), ...(says !== undefined && { says: plain(text) }) };
  });
}

/** Debian's systemd names units before their description, in the journal; NixOS's does not. */
const plain = (text: string): string => text.replaceAll(/\b(\w+)\.service - the \1/g, 'the $1');

const wanted = ({ command, status, says }: Line) => ({
  command,
  status,
  ...(says !== undefined && { says }),
});

describe('command lines of systemctl, journalctl, systemd-run, logger and systemd-cat', () => {
  it.skipIf(!dockerUsable)(
    `are as the table says on systemd itself${withoutDocker}`,
    { timeout: 300_000 },
    async () => {
      expect(await outcomes('docker', table)).toEqual(table.map(wanted));
    },
  );

  it('are the same on the flavour local, or as newer versions have it, or refused', {
    timeout: 300_000,
  }, async () => {
    const lines = table.map(({ command, status, says, local }) =>
      local ? { command, ...local } : { command, status, says },
    );
    expect(await outcomes('local', lines)).toEqual(lines.map(wanted));
  });
});
