import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Isolation, tryNamespaces } from '../../../../src/flavours/local/isolation.js';
import { until } from '../../../helpers/until.js';
import { role, service, TestDeployment } from '../deployment.js';

const root = await tryNamespaces('root');
const user = await tryNamespaces('user');
const isolation: Isolation = root === undefined ? 'root' : user === undefined ? 'user' : 'plain';

describe(`journalctl of a node (isolation ${isolation})`, () => {
  let node: TestDeployment;
  const run = async (command: string) => {
    const { status, stdout, stderr } = await node.exec('n', command);
    return { status, stdout: stdout.toString(), stderr: stderr.toString() };
  };
  const text = (command: string) => node.text('n', command);
  /** Messages of programs that a query chooses, without what the manager of the units says. */
  const chosen = async (query: string) =>
    (await text(`journalctl -o cat -q ${query}`))
      .split('\n')
      .filter(line => /^(apple|pear|plum|fig|hint|Cherry)/.test(line))
      .join(' ');

  beforeAll(async () => {
    node = await TestDeployment.start(
      isolation,
      [
        role({
          units: [
            service('talk', 'echo apple; echo "<3>pear"; echo "<7>fig" >&2; exec sleep 1000'),
            service('other', 'echo plum; echo Cherry; logger -t hinter hint; exec sleep 1000', {
              identifier: 'fruit stall',
            }),
          ],
        }),
      ],
      [{ name: 'n', role: 'foo' }],
    );
    await until(async () => (await chosen('')).split(' ').length === 6);
  });
  afterAll(() => node?.stop());

  it.each([
    ['-u talk', 'apple pear fig'],
    ['-u talk.service', 'apple pear fig'],
    ['-utalk', 'apple pear fig'],
    ['--unit=talk', 'apple pear fig'],
    ['--uni talk', 'apple pear fig'],
    ["-u 't*'", 'apple pear fig'],
    ['-u talk -u other -g l', 'apple plum'],
    ['-u other', 'plum Cherry hint'],
    ['-u nosuchunit', ''],
    ['-t hinter', 'hint'],
    ['-t nosuchtag', ''],
    ['-t talk-start', 'apple pear fig'],
    ["-t 'fruit stall'", 'plum Cherry'],
    ['-p err', 'pear'],
    ['-p 3', 'pear'],
    ['-p debug..info -u talk', 'apple fig'],
    ['-p emerg', ''],
    ['--facility=user', 'hint'],
    ['_SYSTEMD_UNIT=other.service', 'plum Cherry hint'],
    ['_SYSTEMD_UNIT=other.service SYSLOG_IDENTIFIER=hinter', 'hint'],
    ['PRIORITY=3 PRIORITY=7', 'pear fig'],
    ['PRIORITY=3 + SYSLOG_IDENTIFIER=hinter', 'pear hint'],
    ['MESSAGE=apple', 'apple'],
    ['_UID=4711', ''],
    ['_TRANSPORT=syslog', 'hint'],
    ['-u talk --since=2099-01-01', ''],
    ['-u talk --until=2000-01-01', ''],
    ['-u talk --since today --until tomorrow', 'apple pear fig'],
    ['-u talk -S -1h -U "+1 hour"', 'apple pear fig'],
    ['-u talk -b', 'apple pear fig'],
    ['-u talk -b 0 -r', 'fig pear apple'],
    ['-g "^(APPLE|plum)$" --case-sensitive=no', 'apple plum'],
    ['-g Cherry', 'Cherry'],
    ['-g cherry', 'Cherry'],
    ['-g cherry -u talk -u other --case-sensitive -n all || true', ''],
    ['-u talk -g ".*" -n1', 'fig'],
    ['-qu talk -p7', 'apple pear fig'],
    ['-xeu talk', 'apple pear fig'],
  ])('with %s shows %j', async (query, messages) => {
    // What two units say at the same time comes in any order.
    const inOrder = (text: string) =>
      query.startsWith('-u talk -b') ? text : text.split(' ').sort().join(' ');
    expect(inOrder(await chosen(query))).toBe(inOrder(messages));
  });

  it('shows the lines at the end, or at the beginning', async () => {
    expect(await text('journalctl -t hinter -t talk-start -n 1 -o cat -u talk')).toBe('fig\n');
    expect(await text('journalctl -t talk-start -n +1 -o cat')).toBe('apple\n');
    expect(await text('journalctl -t talk-start -n0 -o cat')).toBe('');
  });

  it('writes every entry in each of its formats', async () => {
    const as = async (format: string) =>
      (await text(`journalctl -t talk-start -g pear --utc -o ${format}`)).trimEnd();
    const json = JSON.parse(await as('json'));
    const pid = (await text('systemctl show -P MainPID talk')).trim();
    expect(json).toMatchObject({
      MESSAGE: 'pear',
      PRIORITY: '3',
      SYSLOG_IDENTIFIER: 'talk-start',
      _PID: pid,
      _SYSTEMD_UNIT: 'talk.service',
      _TRANSPORT: 'stdout',
      _HOSTNAME: 'n',
    });
    const time = Number(json.__REALTIME_TIMESTAMP);
    expect(Math.abs(Date.now() * 1000 - time)).toBeLessThan(600e6);
    expect(JSON.parse(await as('json-pretty'))).toEqual(json);
    const iso = new Date(time / 1000).toISOString();
    const line = `n talk-start[${pid}]: pear`;
    expect(await as('short-iso')).toBe(`${iso.slice(0, 19)}+0000 ${line}`);
    expect(await as('short-iso-precise')).toBe(
      `${iso.slice(0, 19)}.${json.__REALTIME_TIMESTAMP.slice(-6)}+0000 ${line}`,
    );
    expect(await as('short-unix')).toBe(`${json.__REALTIME_TIMESTAMP.replace(/(\d{6})$/, '.$1')} ${line}`);
    expect(await as('short')).toMatch(
      new RegExp(`^[A-Z][a-z]{2} \\d\\d ${iso.slice(11, 19)} n talk-start\\[${pid}\\]: pear$`),
    );
    expect(await as('short-monotonic')).toMatch(/^\[ *\d+\.\d{6}\] n talk-start/);
    expect(await as('short-full')).toBe(
      `${new Date(time / 1000).toUTCString().slice(0, 3)} ${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC ${line}`,
    );
    expect(await as('with-unit')).toContain(` n talk.service[${pid}]: pear`);
    expect(await as('cat')).toBe('pear');
    expect(await as('cat --output-fields=PRIORITY')).toBe('3');
    expect(await as('export')).toContain('\nMESSAGE=pear\n');
    expect(await as('verbose')).toContain('\n    MESSAGE=pear\n');
    expect(await as('short --no-hostname')).toMatch(/^\S+ \d\d \S+ talk-start/);
  });

  it('goes on after a cursor', async () => {
    const shown = await text('journalctl -t talk-start -n +1 --show-cursor');
    const cursor = /-- cursor: (.*)/.exec(shown)![1];
    expect(await chosen(`-t talk-start --after-cursor='${cursor}'`)).toBe('pear fig');
    expect(await chosen(`-t talk-start -c '${cursor}'`)).toBe('apple pear fig');
    await text('journalctl -t talk-start --cursor-file="$HOME/cursor" -q');
    expect(await chosen('-t talk-start --cursor-file="$HOME/cursor"')).toBe('');
  });

  it('follows what comes', async () => {
    await text('(timeout 20 journalctl -f -n 0 -t news -o cat | head -n 1 >"$HOME/followed") & echo $!');
    await until(async () => {
      await text('logger -t news fresh');
      return (await text('cat "$HOME/followed"')) === 'fresh\n';
    });
  });

  it('says that it found nothing, with a status only when it was asked for a pattern', async () => {
    expect(await run('journalctl -t nosuchtag')).toEqual({
      status: 0,
      stdout: '-- No entries --\n',
      stderr: '',
    });
    expect(await run('journalctl -q -g nosuchtext')).toEqual({ status: 1, stdout: '', stderr: '' });
  });

  it('names fields and their values', async () => {
    expect(await text('journalctl -F PRIORITY -t talk-start')).toMatch(/^6\n3\n7\n/);
    expect(await text('journalctl -N')).toContain('SYSLOG_IDENTIFIER\n');
    expect(await text('journalctl --list-boots')).toMatch(/^IDX.*\n +0 [0-9a-f]{32} /);
  });

  it.each([
    ['-k', 'do not have journalctl --dmesg'],
    ['--user', 'do not have journalctl --user'],
    ['-M other', 'do not have journalctl --machine'],
    ['--rotate', 'do not have journalctl --rotate'],
    ['_COMM=sleep', 'do not have the field _COMM'],
    ['/usr/bin/sleep', 'do not have the paths'],
    ['--nonsense', "unrecognized option '--nonsense'"],
    ['-Z', "invalid option -- 'Z'"],
    ['-u', 'requires an argument'],
    ['-o nonsense', "Unknown output format 'nonsense'"],
    ['-p nonsense', 'Unknown log level nonsense'],
    ['--since nonsense', 'Failed to parse timestamp: nonsense'],
    ['--since 2026-02-30', 'Failed to parse timestamp'],
    ['-g "("', 'Bad pattern'],
    ['-b 7', 'is not available'],
    ["-u 'nosuch*'", 'Failed to add filter for units'],
    ['nonsense', "Failed to add match 'nonsense'"],
    ['-f -r', 'either --reverse= or --follow='],
    ['--since=now --until=yesterday', '--since= must be before --until='],
  ])('refuses %s with what is wrong', async (query, message) => {
    const { status, stdout, stderr } = await run(`journalctl ${query}`);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it('has what logger and systemd-cat write', async () => {
    await text(
      "logger -t mine -p local0.warning -i it is 'a message'; printf '<2>one\\ntwo\\n\\n' | logger -t lines --prio-prefix",
    );
    expect(JSON.parse(await text('journalctl -t mine -o json'))).toMatchObject({
      MESSAGE: 'it is a message',
      PRIORITY: '4',
      SYSLOG_FACILITY: '16',
      _TRANSPORT: 'syslog',
    });
    expect(await text('journalctl -t lines -o cat -p crit')).toBe('one\n');
    expect(await text('journalctl -t lines -o cat')).toBe('one\ntwo\n\n');
    const cat = await run(
      "systemd-cat -t cat -p notice --stderr-priority=err bash -c 'echo out; echo err >&2; exit 7'",
    );
    expect(cat).toEqual({ status: 7, stdout: '', stderr: '' });
    expect((await text('journalctl -t cat -o cat')).split('\n').sort()).toEqual(['', 'err', 'out']);
    expect(await text('journalctl -t cat -p err -o cat')).toBe('err\n');
    expect(await text('echo piped | systemd-cat -t pipe; journalctl -t pipe -o cat')).toBe('piped\n');
    expect((await run('logger -s -t both hello')).stderr).toMatch(/^<13>\w{3} [ \d]\d \S+ both: hello\n$/);
    expect((await run('logger -n server hello')).stderr).toContain('do not have logger --server');
    expect((await run('logger -p nonsense hello')).status).toBe(1);
  });
});
