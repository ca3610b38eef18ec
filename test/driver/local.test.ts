import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/command.js';
import { runCommandLine } from '../../src/commands/command-line.js';
import { createManager } from '../../src/deployment/manager.js';
import { closeScripts } from '../../src/driver/interpreters.js';
import { DriverService } from '../../src/driver/service.js';
import { metricsOf } from '../../src/metrics/metrics.js';
import { RecordingDisplay } from './harness.js';

const composition = `{ pkgs, ... }: {
  roles = {
    server = { ... }: {
      systemd.services.ready = {
        wantedBy = [ "multi-user.target" ];
        script = "sleep 0.3; touch /run/ready; exec sleep infinity";
      };
      systemd.services.broken = { script = "echo no luck >&2; exit 4"; };
    };
    client = { ... }: { };
  };
  rolesDistribution = { client = 2; };
  testScript = ''
    start_all()
    with subtest("the unit comes up"):
        server.wait_for_unit("ready")
        server.wait_for_file("/run/ready")
    with subtest("nodes know each other"):
        for client in (client1, client2):
            client.succeed("getent hosts server")
  '';
}
`;

let project: string;
let display: RecordingDisplay;
const manager = createManager();

function context(
  front: CommandContext['front'] = 'notebook',
  signal = new AbortController().signal,
): CommandContext {
  return { workspace: { cwd: project, env: process.env }, display, signal, manager, front };
}
const nxc = (...words: string[]) => runCommandLine(words, context());

beforeAll(async () => {
  metricsOf(manager);
  project = await mkdtemp(join(tmpdir(), 'nxc-driver-'));
  display = new RecordingDisplay();
  await nxc('init');
  await writeFile(join(project, 'nxc', 'composition.nix'), composition);
  await nxc('build');
  await nxc('start');
});
afterAll(async () => {
  await closeScripts(manager);
  await manager.close({ stopOwn: true });
  await rm(project, { recursive: true, force: true });
});
beforeEach(() => {
  display = new RecordingDisplay();
});

function service() {
  const driver = new DriverService({ manager, workspace: { cwd: project }, display: () => display });
  return (method: string, params: object, signal = new AbortController().signal) =>
    driver.handle(method, params, { signal });
}

describe('the driver on nodes of the flavour local', () => {
  it('nxc driver -t runs the testScript and shows its subtests with durations', async () => {
    expect(await nxc('driver', '-t')).toBe(0);
    expect(await display.plain()).toMatch(
      /the unit comes up +✓ passed +\d+.*\nnodes know each other +✓ passed +\d+/,
    );
  });

  it('nxc driver -t says that a script without subtests passed', async () => {
    const record = (await manager.require(project)).record;
    const file = record.test_script as string;
    const script = await readFile(file, 'utf8');
    try {
      await writeFile(file, 'server.succeed("true")\n');
      expect(await nxc('driver', '-t')).toBe(0);
      expect(display.text).toMatch(/^✔ the test script passed in \d+/);
    } finally {
      await writeFile(file, script);
    }
  });

  it('nxc driver FILE passes the exit status of the script on, and keeps its variables for the next', async () => {
    await writeFile(
      join(project, 'a.py'),
      'where = client2.succeed("cat /proc/sys/kernel/hostname").strip()',
    );
    await writeFile(join(project, 'b.py'), 'import sys\nprint(where)\nsys.exit(7)');
    expect(await nxc('driver', 'a.py')).toBe(0);
    expect(await nxc('driver', 'b.py')).toBe(7);
    expect(display.text).toBe('client2\n');
    await expect(nxc('driver', 'c.py')).rejects.toThrow('cannot read the test script');
    await expect(nxc('driver')).rejects.toThrow('was given no script');
  });

  it('a unit that fails is told with its log', async () => {
    const call = service();
    await call('machine.startJob', { node: 'server', args: { jobname: 'broken' } });
    await expect(call('machine.waitForUnit', { node: 'server', args: { unit: 'broken' } })).rejects.toThrow(
      /unit broken\.service failed[\s\S]*no luck/,
    );
  });

  it('units can be asked about and stopped', async () => {
    const call = service();
    await call('machine.waitForUnit', { node: 'server', args: { unit: 'ready' } });
    const info = (await call('machine.getUnitInfo', { node: 'server', args: { unit: 'ready' } })) as object;
    expect(info).toMatchObject({ ActiveState: 'active', MainPID: expect.stringMatching(/^\d+$/) });
    await expect(call('machine.waitForUnit', { node: 'server', args: { unit: 'raedy' } })).rejects.toThrow(
      /there is no unit raedy\.service on server\ndid you mean ready\.service\?\nto do: name one of its units: /,
    );
  });

  it('runs on all nodes at once', async () => {
    const call = service();
    const names = await call('nodes.succeed', { args: { commands: ['cat /proc/sys/kernel/hostname'] } });
    expect(names).toEqual(['client1\n', 'client2\n', 'server\n']);
  });

  it('an interrupt kills the command on the node', async () => {
    const call = service();
    const interrupt = new AbortController();
    const running = call(
      'machine.succeed',
      { node: 'client1', args: { commands: ['touch /run/begun; exec -a nxc-test-sleeper sleep 1000'] } },
      interrupt.signal,
    );
    await call('machine.waitForFile', { node: 'client1', args: { filename: '/run/begun' } });
    interrupt.abort();
    await expect(running).rejects.toMatchObject({ name: 'InterruptedError' });
    await call('machine.waitUntilFails', {
      node: 'client1',
      args: { command: 'grep -l nxc-test-sleepe[r] /proc/[0-9]*/cmdline', timeout: 10 },
    });
  });

  it.each(['/sys/nope', '/proc/nope'])(
    'copies nothing to an unwritable $out, and says so at once: %s',
    async out => {
      const before = process.env.out;
      process.env.out = out;
      try {
        const copied = service()('machine.copyFromMachine', {
          node: 'server',
          args: { source: '/etc/hostname' },
        });
        await expect(copied).rejects.toThrow(
          new RegExp(
            `cannot copy server:/etc/hostname to ${out}/hostname\n.*\\$out is ${out}: .*cannot be made.*\n.*unset it`,
          ),
        );
      } finally {
        if (before === undefined) delete process.env.out;
        else process.env.out = before;
      }
    },
  );

  it('copies files to a node and back', async () => {
    const call = service();
    await writeFile(join(project, 'data.txt'), 'payload');
    await call('machine.copyFromHost', {
      node: 'client1',
      args: { source: 'data.txt', target: '/root/in/x.txt' },
    });
    await call('machine.copyFromMachine', {
      node: 'client1',
      args: { source: '/root/in/x.txt', targetDir: 'out' },
    });
    expect(await readFile(join(project, 'out', 'x.txt'), 'utf8')).toBe('payload');
  });
});

describe('metrics of nodes of the flavour local', () => {
  it('are collected from the start, per node, and can be shown, exported and plotted', async () => {
    const metrics = metricsOf(manager);
    await service()('machine.succeed', {
      node: 'client1',
      args: { commands: ['end=$((SECONDS + 3)); while ((SECONDS < end)); do :; done'] },
    });
    const busiest = (node: string) =>
      Math.max(...metrics.rows({ names: 'cpu', nodes: node }).map(row => row.value || 0));
    await expect.poll(() => busiest('client1'), { timeout: 10_000 }).toBeGreaterThan(10);
    expect(busiest('client1')).toBeGreaterThan(busiest('client2'));

    await nxc('metrics', 'cpu,memory');
    expect(await display.plain()).toMatch(/cpu +client1 .*%\n[\s\S]*memory +server .*MiB/);
    await nxc('metrics', '-o', 'run.csv');
    expect(await readFile(join(project, 'run.csv'), 'utf8')).toMatch(
      /^metric,node,role,unit,at,seconds,value\r\ncpu,client1,client,%/,
    );
    await nxc('metrics', '-o', 'run.json');
    const written = JSON.parse(await readFile(join(project, 'run.json'), 'utf8'));
    expect(written[0]).toMatchObject({ metric: 'cpu', node: 'client1', role: 'client' });
    await expect(nxc('metrics', '-o', 'run.xls')).rejects.toThrow('end its name in .csv, .json or .jsonl');

    display = new RecordingDisplay();
    await nxc('plot', 'cpu,memory', '--nodes', '@client', '--per', 'role');
    const bundle = await display.shown[0]!.toMimeBundle();
    expect(bundle['text/plain']).toMatch(/^cpu\n.+ %.*\n {2}client +0 % /);
    expect(bundle).toHaveProperty('image/png');
    await expect(nxc('plot', 'cup')).rejects.toThrow('did you mean cpu?');
    await expect(nxc('plot', '--per', 'rack')).rejects.toThrow('--per node or --per role');
  });

  it('a live plot goes on until the deployment stops and leaves a picture', async () => {
    await nxc('plot', 'cpu', '--live');
    expect(display.shown[0]).toHaveProperty('live', true);
    const first = display.shown[0];
    await expect.poll(() => display.shown[0], { timeout: 10_000 }).not.toBe(first);
    const shown = display.shown;
    await nxc('stop');
    await expect.poll(() => shown[0]).toHaveProperty('live', false);
    expect(await shown[0]!.toMimeBundle()).toHaveProperty('image/png');
  });
});
