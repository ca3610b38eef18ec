import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { runCommandLine } from '../../../src/commands/command-line.js';
import type { Deployment, DeploymentManager } from '../../../src/deployment/deployment.js';
import { createManager } from '../../../src/deployment/manager.js';
import { argumentAt } from '../../../src/driver/completion/argument.js';
import type { Language } from '../../../src/driver/completion/texts.js';
import { completeUnit } from '../../../src/driver/completion/unit-argument.js';
import { closeScripts } from '../../../src/driver/interpreters.js';
import { type Method, machineMethods } from '../../../src/driver/methods.js';
import { snakeCase } from '../../../src/driver/naming.js';
import { completeScript } from '../../../src/driver/script.js';
import { fourNodes, hostDeployment, RecordingDisplay } from '../harness.js';

const composition = `{ pkgs, ... }: {
  roles = {
    server = { ... }: {
      systemd.services.web = { script = "sleep 1000"; wantedBy = [ "multi-user.target" ]; };
      systemd.services.worker = { script = "sleep 1000"; wantedBy = [ "multi-user.target" ]; };
    };
    client = { ... }: {
      systemd.services.load = { script = "sleep 1000"; wantedBy = [ "multi-user.target" ]; };
    };
  };
  rolesDistribution = { client = [ "client-1" "client-2" ]; };
}
`;

const manager = createManager();
let cwd: string;
const nxc = async (...words: string[]) => {
  const display = new RecordingDisplay();
  const context = { workspace: { cwd, env: process.env }, display, manager, front: 'notebook' as const };
  expect([
    await runCommandLine(words, { ...context, signal: new AbortController().signal }),
    display.text,
  ]).toEqual([0, expect.anything()]);
};
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'nxc-units-'));
  await nxc('init');
  await writeFile(join(cwd, 'nxc/composition.nix'), composition);
  await nxc('build');
});
afterAll(async () => {
  await closeScripts(manager);
  await manager.close({ stopOwn: true });
  await rm(cwd, { recursive: true, force: true });
});

async function units(code: string, language: Language = 'typescript', where?: DeploymentManager) {
  const argument = argumentAt(code, code.length, language)!;
  const found = await completeUnit({ manager: where ?? manager, workspace: { cwd } }, argument);
  return found?.matches.map(({ text }) => text);
}

const cases: Array<[string, string[] | undefined]> = [
  ['server.waitForUnit("', ['web.service', 'worker.service']],
  ['server.waitForUnit("we', ['web.service']],
  ['client_1.waitForUnit("', ['load.service']],
  ['nodes.waitForUnit("', ['load.service', 'web.service', 'worker.service']],
  ['nodes.byRole("client").waitForUnit("', ['load.service']],
  ["machines['client-2'].stopJob(`", ['load.service']],
  ['machines.server.startJob("', ['web.service', 'worker.service']],
  ['nodes[2].getUnitInfo("w', ['web.service', 'worker.service']],
  ['nodes.map(n => n.requireUnitState("wo', ['worker.service']],
  ['server.systemctl("restart w', ['web.service', 'worker.service']],
  ['server.systemctl("restart web.service wo', ['worker.service']],
  ['server.systemctl("w', []],
  ['server.waitForUnit("nothing', []],
  ['server.waitForUnit("web", { user: "', undefined],
  ['server.getUnitProperty("web", "', undefined],
  ['server.succeed("', undefined],
  ['console.log("', undefined],
];

describe('units of nodes', () => {
  it.each(cases)('of a build that does not run: %s', async (code, expected) => {
    expect(await units(code)).toEqual(expected);
  });

  it('are completed in Python, by place and by name', async () => {
    const context = { manager, workspace: { cwd, env: process.env } };
    const names = async (code: string) =>
      (await completeScript(context, code, '")')).matches.map(({ text }) => text);
    expect(await names('server.wait_for_unit("w')).toEqual(['web.service', 'worker.service']);
    expect(await names('client_1.wait_for_unit(timeout=3, unit="')).toEqual(['load.service']);
    expect(await names('machines.by_role("client").stop_job("')).toEqual(['load.service']);
    expect(await names('server.systemctl("status wo')).toEqual(['worker.service']);
    expect(await names('server.succeed("')).toEqual([]);
  });

  it('are those of the deployment that runs, and not of a build that differs by then', async () => {
    await nxc('start');
    await rm(join(cwd, 'nxc/build'), { recursive: true });
    for (const [code, expected] of cases) expect([code, await units(code)]).toEqual([code, expected]);
    await nxc('stop');
    expect(await units('server.waitForUnit("')).toEqual([]);
  });

  it('are asked of the node where it alone knows them', async () => {
    const deployment = hostDeployment(fourNodes);
    const exec = deployment.transport('server').exec.bind(deployment.transport('server'));
    const systemctl = (text: string) => `systemctl() { printf '%s\\n' '${text}'; }; `;
    const answering: Deployment = {
      ...deployment,
      transport: node =>
        Object.assign(Object.create(deployment.transport(node)), {
          exec: (command: string, options: object) =>
            exec(systemctl(`web.service enabled -\ndev-a\\x2db.device static -`) + command, options),
        }),
    };
    const where = { current: async () => answering } as unknown as DeploymentManager;
    expect(await units('server.waitForUnit("', 'typescript', where)).toEqual([
      'dev-a\\\\x2db.device',
      'web.service',
    ]);
    const silent = { current: async () => hostDeployment(fourNodes) } as unknown as DeploymentManager;
    expect(await units('server.waitForUnit("no-such-unit', 'typescript', silent)).toEqual([]);
  });
});

describe('every method that takes a unit', () => {
  const withUnits = machineMethods.flatMap((method: Method) =>
    method.parameters.flatMap((parameter, place) =>
      /^(unit|jobname)$/.test(parameter.name) ? [[method.name, place] as const] : [],
    ),
  );
  test.each(withUnits)('%s completes it, in both languages', async (name, place) => {
    const others = '"x", '.repeat(place);
    expect(await units(`server.${name}(${others}"`)).toEqual(expect.any(Array));
    expect(await units(`server.${snakeCase(name)}(${others}'`, 'python')).toEqual(expect.any(Array));
  });
});
