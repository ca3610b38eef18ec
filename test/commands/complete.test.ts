import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { commands, completeCommandLine, createManager } from '../../src/index.js';
import { metricsOf } from '../../src/metrics/metrics.js';
import { builtProject, writeBuild } from '../helpers/local-project.js';

/** What fits behind the last blank of the line, where nodes client1, client2 and server of project web run. */
async function completionsOf(cwd: string) {
  const manager = createManager();
  const nodes = ['client1', 'client2', 'server'].map(name => ({ name, role: name.replace(/\d/, '') }));
  const record = { 'x-nxc': { composition: 'web', flavour: 'docker' } };
  const flavour = { units: (_record: unknown, node: string) => (node === 'server' ? ['web.service'] : []) };
  vi.spyOn(manager, 'current').mockResolvedValue({ nodes, record, flavour } as never);
  vi.spyOn(manager, 'list').mockResolvedValue([{ nodes, record }] as never);
  vi.spyOn(metricsOf(manager), 'names').mockReturnValue(['cpu', 'network.in', 'network.out']);
  const context = { workspace: { cwd, env: {} }, manager, front: 'notebook' as const };
  return async (line: string) => {
    const words = line.split(' ');
    return completeCommandLine(commands, context, words.slice(0, -1), words.at(-1)!);
  };
}

it('values of options are completed by what there is', async () => {
  const cwd = await builtProject();
  await writeBuild(cwd, ['client', 'server']);
  const complete = await completionsOf(cwd);
  expect(await complete('plot --nodes c')).toEqual(['client1', 'client2']);
  expect(await complete('metrics --nodes server,@')).toEqual(['server,@client', 'server,@server']);
  expect(await complete('plot --per ')).toEqual(['node', 'role']);
  expect(await complete('stop -f ')).toEqual(['local', 'docker']);
  expect(await complete('logs -d ')).toEqual(['web::docker']);
  expect(await complete('start -C ')).toEqual(['composition::local']);
  expect(await complete('start -r cl')).toEqual(['client=']);
});

it('arguments are completed by what they may be, also behind options and commas', async () => {
  const complete = await completionsOf('/');
  expect(await complete('plot cpu,ne')).toEqual(['cpu,network', 'cpu,network.in', 'cpu,network.out']);
  expect(await complete('logs ')).toEqual(['client1', 'client2', 'server']);
  expect(await complete('logs server -n 20 w')).toEqual(['web.service']);
  expect(await complete('logs server web ')).toEqual([]);
  expect(await complete('connect @')).toEqual([]);
  expect(await complete('exec --timeout 5s @')).toEqual(['@client', '@server']);
  expect(await complete('stop client1 s')).toEqual(['server']);
});

it('the folder before the verb is completed, and the verb works there', async () => {
  const cwd = await builtProject();
  const complete = await completionsOf(join(cwd, '..'));
  const name = cwd.slice(cwd.lastIndexOf('/') + 1);
  expect(await complete(`-d ${name.slice(0, -1)}`)).toContain(`${name}/`);
  expect(await complete(`-d ${name} st`)).toEqual(['start', 'status', 'stop']);
  expect(await complete(`-d ${name} start -C `)).toEqual(['composition::local']);
});

it('options that need a project offer nothing where there is none', async () => {
  const complete = await completionsOf('/');
  for (const line of ['start -C ', 'start -r ', 'logs -d ']) expect(await complete(line)).toEqual([]);
});
