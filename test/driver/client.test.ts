import { describe, expect, it } from 'vitest';
import type { MachineClient, MachineList } from '../../src/driver/machine-client.js';
import { fourNodes, hostDeployment, serve } from './harness.js';

describe('the globals of a TypeScript cell', () => {
  it('every node is a variable, with underscores for what a variable cannot hold', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    expect(await globals.server.succeed('echo $NODE_NAME')).toBe('server\n');
    expect(await globals.client_1.succeed('echo $NODE_NAME')).toBe('client-1\n');
    expect(await globals.class_.succeed('echo $NODE_NAME')).toBe('class\n');
    expect(globals.machines['client-2']).toBe(globals.client_2);
    expect(globals.machine).toBeUndefined();
  });

  it('nodes has every node by name too, beside its own members, and shows as a table', async () => {
    const { globals } = serve(hostDeployment([...fourNodes, { name: 'filter', role: 'odd' }]));
    expect(globals.nodes.server).toBe(globals.server);
    expect(globals.nodes['client-1']).toBe(globals.client_1);
    expect(globals.nodes.byRole('client').client_2).toBe(globals.client_2);
    expect(globals.nodes.byRole('client').server).toBeUndefined();
    expect(globals.nodes.filter(() => false)).toHaveLength(0);
    expect(globals.nodes.toMimeBundle()['text/plain']).toMatch(/node +role +address[\s\S]*client-1 +client/);
  });

  it('a deployment that changes takes its variables along and leaves the ones of the user', () => {
    const { globals, announce } = serve(hostDeployment(fourNodes));
    globals.server = 'mine';
    announce([{ name: 'solo', role: 'solo' }]);
    expect(globals.machine).toBe(globals.solo);
    expect(globals).not.toHaveProperty('client_1');
    expect(globals.server).toBe('mine');
    announce([]);
    expect(globals).not.toHaveProperty('machine');
    expect(globals.nodes).toHaveLength(0);
  });

  it('a result can be taken apart as a tuple', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    const [status, stdout] = await globals.server.execute('echo hi; exit 2');
    expect([status, stdout]).toEqual([2, 'hi\n']);
  });

  it('a failed command arrives as AssertionFailed with the result', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    await expect(globals.server.succeed('exit 5')).rejects.toMatchObject({
      name: 'AssertionFailed',
      user: true,
      data: { node: 'server', status: 5 },
    });
  });

  it.each([
    [(g: Globals) => g.server.waitForUnit(), 'waitForUnit needs unit'],
    [(g: Globals) => g.server.execute('true', { checkOuput: false }), 'did you mean checkOutput?'],
    [
      (g: Globals) => g.server.crash(),
      'crash needs a switch of its own, and nodes of flavour host have none',
    ],
    [
      (g: Globals) => g.nodes.byRole('odd').screenshot('x'),
      'no flavour of this version has it; virtual machines would',
    ],
    [(g: Globals) => g.server.waitForUnit('a', 'b', 'c'), 'waitForUnit was given 3 arguments'],
    [
      (g: Globals) => g.server.waitForUnit('a', 4),
      'takes its options as an object, and was given 4 there\nto do: call it as waitForUnit(unit: string',
    ],
    [
      (g: Globals) => g.server.waitForOpenPort('http'),
      'waitForOpenPort needs port (number: TCP port)\nfound: "http"',
    ],
    [(g: Globals) => g.server.waitForOpenPort(''), 'waitForOpenPort needs port (number'],
    [(g: Globals) => g.server.waitForOpenPort('0x50'), 'waitForOpenPort needs port (number'],
    [(g: Globals) => g.server.waitForOpenPort([80]), 'waitForOpenPort needs port (number'],
    [(g: Globals) => g.server.waitForOpenPort(true), 'waitForOpenPort needs port (number'],
    [(g: Globals) => g.server.waitForOpenPort('70000'), '70000 is not a TCP port'],
    [(g: Globals) => g.server.waitForOpenPort('80.5'), '80.5 is not a TCP port'],
    [(g: Globals) => g.server.succeed('true', { timout: 3 }), 'did you mean timeout?'],
    [(g: Globals) => g.server.succeed(), 'succeed needs commands'],
    [
      (g: Globals) => g.nodes.byRole('clent'),
      'there is no role "clent"\ndid you mean @client?\nfound: nodes server, client-1',
    ],
  ])('a wrong call says how it is called: %#', async (call, message) => {
    const { globals } = serve(hostDeployment(fourNodes));
    await expect(Promise.resolve().then(() => call(globals))).rejects.toThrow(message);
  });

  it.each([
    [(g: Globals) => g.retry(() => false, 1), 'retry takes its options as an object, and was given 1 there'],
    [
      (g: Globals) => g.retry(() => false, { timout: 1 }),
      'retry has no option "timout"\ndid you mean timeout?',
    ],
    [(g: Globals) => g.retry(() => false, { timeout: 'x' }), 'retry needs timeout: a number\nfound: "x"'],
    [
      (g: Globals) => g.retry(() => false, { timeout: Number.NaN }),
      'retry needs timeout: a number\nfound: NaN',
    ],
    [(g: Globals) => g.retry(Promise.resolve(1)), 'retry needs a function'],
    [(g: Globals) => g.pollingCondition(() => true, 2), 'to do: write { interval: …, description: … }'],
    [(g: Globals) => g.pollingCondition(() => true).wait({ timeout: 1 }), 'wait needs timeout: a number'],
    [(g: Globals) => g.subtest('x', 5, () => {}), 'subtest takes its options as an object'],
    [(g: Globals) => g.subtest('x', { point: 5 }, () => {}), 'did you mean points?'],
    [(g: Globals) => g.subtest('x'), 'subtest needs a function'],
    [(g: Globals) => g.sweep({ a: [1] }, () => ({}), 'rows.jsonl'), 'to do: write { resume: …, changed: … }'],
    [(g: Globals) => g.sweep({ a: [1] }), 'sweep needs a function'],
    [(g: Globals) => g.metrics.record('y', 1, 'server'), 'was given "server" there\nto do: write { node: …'],
    [(g: Globals) => g.metrics.series('cpu', 5), 'metrics.series takes its options as an object'],
    [(g: Globals) => g.metrics.latest('cpu'), 'metrics.latest takes its options as an object'],
    [(g: Globals) => g.plot('cpu', 5), 'plot needs options: an object'],
  ])('a word beside the machines is told what it cannot take: %#', async (call, message) => {
    const { globals } = serve(hostDeployment(fourNodes));
    await expect(Promise.resolve().then(() => call(globals))).rejects.toThrow(message);
  });

  it('verbs of nxc run in the front', async () => {
    const { globals, verbs } = serve(hostDeployment(fourNodes));
    expect(await globals.nxc.start('-r', 'client=2')).toBe(0);
    await globals.nxc.run('net', 1);
    expect(verbs).toEqual([
      ['start', '-r', 'client=2'],
      ['net', '1'],
    ]);
  });
});

describe('a verb of nxc that was called with something else than words', () => {
  it.each([
    [{ role: 'client=1' }, "client=1\"}\ndid you mean --role?\nto do: write nxc.start('--role', 'client=1')"],
    [{ roles: 'client=1' }, 'did you mean --role?'],
    [{ testScript: true, flavour: 'vm' }, "nxc.start('--test-script', '--flavour', 'vm')"],
    [{ waitTimeout: 30 }, "nxc.start('--wait-timeout', '30')"],
    [{ colour: 'red' }, 'its options are --composition-flavour, --flavour, --role'],
    [['-r', 'client=1'], 'each text or a number, and was given ["-r","client=1"]'],
    [undefined, 'and was given nothing'],
    [true, 'and was given true'],
  ])('is told how they are written: %j', async (given, message) => {
    const { globals, verbs } = serve(hostDeployment(fourNodes));
    await expect(globals.nxc.start(given)).rejects.toThrow(message);
    expect(verbs).toEqual([]);
  });
});

describe('nodes', () => {
  it('a method runs on all and gives results in order', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    expect(await globals.nodes.succeed('echo -n $NODE_NAME')).toEqual([
      'server',
      'client-1',
      'client-2',
      'class',
    ]);
    expect(await globals.nodes.byRole('client').succeed('echo -n $NODE_NAME')).toEqual([
      'client-1',
      'client-2',
    ]);
    const [first] = await globals.nodes.execute('exit 1');
    expect([...first][0]).toBe(1);
  });

  it('they run at the same time', async () => {
    const { globals } = serve(hostDeployment(fourNodes.slice(0, 2)));
    // Each waits for the other: one after the other this would never end.
    const dir = `/tmp/nxc-meet-${process.pid}-${Math.random()}`;
    await globals.nodes.succeed(
      `mkdir -p ${dir}; touch ${dir}/$NODE_NAME; until [ $(ls ${dir} | wc -l) = 2 ]; do sleep 0.01; done`,
      { timeout: 20 },
    );
    await globals.server.succeed(`rm -r ${dir}`);
  });

  it('when some fail, the error names the failed and the good', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    const error = await globals.nodes.succeed('[[ $NODE_NAME != client-* ]]').catch((e: Error) => e);
    expect(error.name).toBe('PartialFailure');
    expect(error.message).toContain('2 of 4 nodes failed: client-1, client-2');
    expect(error.data.succeeded).toEqual(['server', 'class']);
  });

  it('map calls a function for each machine, at most so many at a time', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    let running = 0;
    let most = 0;
    const names = await globals.nodes.map(
      async (machine: { name: string; succeed(c: string): Promise<string> }) => {
        most = Math.max(most, ++running);
        await machine.succeed('true');
        running--;
        return machine.name;
      },
      { maxParallel: 2 },
    );
    expect(names).toEqual(fourNodes.map(node => node.name));
    expect(most).toBe(2);
  });

  it('a filtered list may have none of a role that the deployment has', () => {
    const { globals } = serve(hostDeployment(fourNodes));
    const rest = globals.nodes.filter((m: { role: string }) => m.role !== 'client');
    expect(rest.byRole('client')).toHaveLength(0);
    expect(() => rest.byRole('clients')).toThrow('did you mean @client?');
  });

  it('what map gives is an array: of promises for Promise.all, of plain values where the function gives them', async () => {
    const { nodes } = serve(hostDeployment(fourNodes)).globals as { nodes: MachineList };
    const name = (machine: MachineClient) => machine.succeed('echo -n $NODE_NAME');
    const names = fourNodes.map(node => node.name);
    expect(await Promise.all(nodes.map(name))).toEqual(names);
    expect(await Promise.all(nodes.atMost(1).map(name))).toEqual(names);
    expect(nodes.map(({ role }) => role).join()).toBe('server,client,client,odd');
    expect(await nodes.map(({ role }) => role)).toEqual(['server', 'client', 'client', 'odd']);
    const settled = await Promise.allSettled([
      ...nodes.map(machine => machine.succeed('[ $NODE_NAME = server ]')),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
  });

  it('awaited as a whole it tries all and names what failed, thrown at once or later', async () => {
    const { nodes } = serve(hostDeployment(fourNodes)).globals as { nodes: MachineList };
    const tried: string[] = [];
    const failed = nodes.atMost(2).map(({ name, role }) => {
      tried.push(name);
      if (role === 'client') throw new Error('not me');
      return nodes[0]!.succeed('true');
    });
    await expect(failed).rejects.toThrow('2 of 4 nodes failed: client-1, client-2');
    expect(tried).toEqual(fourNodes.map(node => node.name));
    expect(() => nodes.map(String, { maxParallel: 0 })).toThrow(
      'needs maxParallel: a whole number from 1 on',
    );
    expect(() => nodes.atMost(Number.NaN)).toThrow('atMost needs maxParallel');
  });

  it('has what arrays have, and stays as it is', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    const nodes: MachineList = globals.nodes;
    expect(Array.isArray(nodes)).toBe(true);
    expect(nodes.at(-1)).toBe(nodes[3]);
    expect(nodes.find(({ role }) => role === 'client')).toBe(nodes[1]);
    expect(nodes.indexOf(nodes[2]!)).toBe(2);
    expect(nodes.some(({ role }) => role === 'odd') && nodes.every(({ role }) => role !== 'none')).toBe(true);
    expect([...nodes.entries()].map(([index, { name }]) => `${index} ${name}`)).toContain('1 client-1');
    expect(nodes.flatMap(({ name }) => [name]).length).toBe(4);
    const [first, ...others] = nodes;
    expect([first!.name, others.length]).toEqual(['server', 3]);
    expect(await globals.nodes.slice(1, 3).succeed('echo -n $NODE_NAME')).toEqual(['client-1', 'client-2']);
    expect(() => nodes.push(nodes[0]!)).toThrow(TypeError);
  });

  it('can be indexed, iterated and filtered', () => {
    const { globals } = serve(hostDeployment(fourNodes));
    expect(globals.nodes[1]).toBe(globals.client_1);
    expect([...globals.nodes].map(m => m.name)).toEqual(globals.nodes.names);
    expect(globals.nodes.filter((m: { name: string }) => m.name.endsWith('2')).names).toEqual(['client-2']);
  });
});

describe('subtest and retry', () => {
  it('subtests nest and end up in one table of the cell, a failed one with its reason', async () => {
    const { globals, display, service } = serve(hostDeployment(fourNodes));
    await expect(
      globals.subtest('outer', async () => {
        await globals.subtest('inner', () => globals.server.succeed('true'));
        await globals.server.succeed('exit 7');
      }),
    ).rejects.toThrow('command failed');
    expect(display.shown).toHaveLength(1);
    const text = await display.plain();
    expect(text).toMatch(/outer\s+✗ failed/);
    expect(text).toMatch(/\u2003inner\s+✓ passed/);
    service.finish('cell-1');
    await globals.subtest('another cell', () => {});
    expect(display.shown).toHaveLength(2);
  });

  it('shows what a failed subtest threw, whatever that is', async () => {
    const { globals, display, service } = serve(hostDeployment(fourNodes));
    const bare = Object.assign(Object.create(null), { bare: true });
    for (const [i, thrown] of [{ code: 3 }, 'as text', undefined, bare, Symbol('s')].entries()) {
      const failed = globals.subtest(`s${i}`, () => {
        throw thrown;
      });
      expect(await failed.catch((error: unknown) => [error])).toEqual([thrown]);
    }
    const text = await display.plain();
    expect(text).toMatch(
      /s0 .*\{ code: 3 \}[\s\S]*s1 .* as text[\s\S]*s2 .* undefined[\s\S]*s3 .*\{ bare: true \}[\s\S]*s4 .*Symbol\(s\)/,
    );
    service.finish('cell-1');
  });

  it('the time of a subtest goes on while nothing else happens', async () => {
    const { globals, display, service } = serve(hostDeployment(fourNodes));
    void globals.subtest('waits', () => new Promise(() => {}));
    await expect.poll(() => display.updates, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(await display.plain()).toMatch(/waits +… running +[1-9]/);
    service.finish('cell-1');
  });

  it('a subtest that was cut off does not run for ever', async () => {
    const { globals, display, service } = serve(hostDeployment(fourNodes));
    void globals.subtest('hangs', () => new Promise(() => {}));
    await expect.poll(() => display.shown.length).toBe(1);
    service.finish('cell-1');
    expect(await display.plain()).toMatch(/hangs\s+✗ failed.*interrupted/);
    expect(display.shown[0]).toHaveProperty('live', false);
  });

  it('retry gives the value of the first try that works', async () => {
    const { globals } = serve(hostDeployment(fourNodes));
    let tries = 0;
    const value = await globals.retry(() => {
      if (++tries < 3) throw new Error('not yet');
      return 'there';
    });
    expect([value, tries]).toEqual(['there', 3]);
    await expect(globals.retry(() => false, { timeout: 0.05 })).rejects.toThrow('still false');
  });
});

// biome-ignore lint/suspicious/noExplicitAny: these are the untyped globals of a cell
type Globals = Record<string, any>;
