import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary.js';
import { scripts } from '../scripts-harness.js';

const { python, session } = scripts();
afterAll(() => python.close());

const runs = async (source: string) => (await session().run(source)).status;

describe('a script for the NixOS test driver', () => {
  it.each([
    'server.execute("true", True, True, 10)',
    'server.execute("true", True, 10)',
    'server.execute(command="true", check_return=True, check_output=True, timeout=None)',
    'server.sleep(secs=0.01)',
    'server.wait_for_file(filename="/etc/passwd", timeout=1)',
    'machines_qemu[0].succeed("true"); assert not machines_nspawn',
  ])('gives arguments by its names and in its order: %s', async source => {
    expect(await runs(source)).toBe(0);
  });

  it.each([
    ['server.require_unit_state("x", require_state="inactive")', /require_unit_state: got/],
    ['server.systemctl(q="is-active x")', /systemctl: missing/],
    ['server.start_job(jobname="x")', /start_job: missing/],
    ['server.wait_for_window(regexp="x")', /wait_for_window: missing/],
    ['server.wait_for_qmp_event(event_filter=lambda event: True)', /wait_for_qmp_event: missing/],
  ])('has the names of arguments right also where this machine cannot do it: %s', async (source, refusal) => {
    const found = await runs(source).catch((error: Error) => error.message);
    expect(String(found)).not.toMatch(refusal);
  });

  it('gives times as timedelta', async () => {
    const source = `
from datetime import timedelta
short = timedelta(seconds=1)
server.succeed("true", timeout=short)
server.wait_until_succeeds("true", timeout=short)
retry(lambda last: True, timeout_seconds=short)
polling_condition(lambda: True, seconds_interval=short).wait(short)
assert server.execute("sleep 30", timeout=timedelta(milliseconds=50)).timed_out
`;
    expect(await runs(source)).toBe(0);
  });

  it('takes ports as numbers and as text', async () => {
    const source = `
import socket
listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
for given in (port, str(port), f" {port} ", f"{port}.0"):
    server.wait_for_open_port(given, addr="127.0.0.1", timeout=20)
listener.close()
server.wait_for_closed_port(str(port), addr="127.0.0.1", timeout="20")
`;
    expect(await runs(source)).toBe(0);
  });

  it('waits for files by pattern and by what the shell puts in', async () => {
    const folder = await temporaryFolder();
    const source = `
server.succeed("touch ${folder}/app-17.sock")
server.wait_for_file("${folder}/*.sock", timeout=5)
server.wait_for_file("${folder}/app-$((10 + 7)).sock", timeout=5)
with t.assertRaisesRegex(Exception, "until ${folder}/.\\.pid exists"):
    server.wait_for_file("${folder}/*.pid", timeout=0.1)
`;
    expect(await runs(source)).toBe(0);
  });

  it('logs with attributes, levels and nesting', async () => {
    const { run, display } = session();
    await run(`
log.info("one")
log.log("two", {"machine": "server"})
log.debug("hidden")
with log.nested("three", {}), server.nested("four", {"some": "attribute"}):
    server.logger.info("five")
with log.subtest("six"):
    driver.logger.warning("seven")
driver.serial_stdout_off()
`);
    expect(display.text).toBe('one\nserver: two\nthree\nserver: four\nfive\nwarning: seven\n');
    expect(await display.plain()).toContain('six');
  });

  it('asks whether a machine is up, and where its files go', async () => {
    const { run, display } = session();
    await run('print(server.booted, server.connected, server.out_dir == driver.out_dir)');
    expect(display.text).toBe('True True True\n');
  });

  it('is told of what nodes cannot do in its own words', async () => {
    await expect(runs('server.send_key("ret")')).rejects.toThrow(/send_key needs a screen and a keyboard/);
  });
});
