import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { signature } from '../../src/driver/calls.js';
import { driverDeclarations } from '../../src/driver/declarations.js';
import { describeGlobals } from '../../src/driver/driver.js';
import { implementationOf } from '../../src/driver/machine/index.js';
import { type CommonMethodName, type Method, machineMethods } from '../../src/driver/methods.js';
import { snakeCase } from '../../src/driver/naming.js';
import { fourNodes } from './harness.js';

const libraries = new Map<string, ts.SourceFile | undefined>();

/** What the TypeScript compiler says about a cell that sees these declarations. */
function errorsOf(cell: string, nodes = fourNodes): string[] {
  const files: Record<string, string> = {
    'globals.d.ts': driverDeclarations(describeGlobals({ nodes })),
    'cell.ts': `${cell}\nexport {};`,
  };
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    types: [],
    lib: ['lib.es2022.d.ts'],
    skipDefaultLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = name => files[name] ?? readFile(name);
  host.fileExists = name => name in files || fileExists(name);
  host.getSourceFile = (name, version) => {
    if (name in files) return ts.createSourceFile(name, files[name]!, version);
    if (!libraries.has(name)) libraries.set(name, getSourceFile(name, version));
    return libraries.get(name);
  };
  const program = ts.createProgram(Object.keys(files), options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(diagnostic => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

describe('the declarations of the globals', () => {
  it('let a cell use machines, fan-out, subtests, metrics and plots with types', () => {
    const cell = `
      const out: string = await server.succeed('true', 'id', { timeout: 5 });
      await client_1.waitForUnit('web', { user: 'anna', timeout: 10 });
      await server.waitForOpenPort('8087', { timeout: 5 });
      await class_.requireUnitState('web');
      const [status, stdout] = await machines['client-2'].execute('id');
      const all: string[] = await nodes.byRole('client').succeed('hostname');
      const times: number[] = await nodes.map(async m => (await m.execute('id')).durationMs, { maxParallel: 2 });
      const each: string[] = await Promise.all(nodes.slice(1).map(m => m.succeed('hostname')));
      const roles: string = nodes.map(m => m.role).join();
      const found: Machine | undefined = nodes.find(m => m.role === 'client');
      const answer: number = await subtest('x', async () => 42);
      await retry(() => server.succeed('true'), { timeout: 3 });
      await metrics.record('rps', 3, { node: server.name });
      const rows = await metrics.series('cpu', { nodes: '@client', since: 'In[3]' });
      await plot(rows, { x: 'seconds', y: 'value', color: 'node' });
      await plot('cpu', { per: 'role' }); await table(rows);
      await nxc.start('-r', 'client=2'); await nxc.run('net'); await startAll();
    `;
    expect(errorsOf(cell)).toEqual([]);
  });

  it('refuse what does not exist', () => {
    const wrong = [
      'await sever.succeed("true");',
      'await server.waitForUnit(3);',
      'nodes.byRole("nobody");',
      'machine.succeed("true");',
    ];
    expect(errorsOf(wrong.join('\n'))).toEqual([
      expect.stringContaining("'sever'"),
      expect.stringContaining("'number'"),
      expect.stringContaining('"nobody"'),
      expect.stringContaining("'machine'"),
    ]);
  });

  it('know machine when there is one, and no machine before a start', () => {
    expect(errorsOf('await machine.succeed("true");', [{ name: 'foo', role: 'foo' }])).toEqual([]);
    expect(errorsOf('nodes.byRole("any"); nodes.length;', [])).toEqual([]);
  });
});

describe('the method table', () => {
  it('has an implementation for every method that nodes of this machine can have', () => {
    for (const { name, needs } of machineMethods as readonly Method[]) {
      const common = needs === undefined || needs === 'power' || needs === 'network';
      expect([name, typeof implementationOf(name as CommonMethodName)]).toEqual([
        name,
        common ? 'function' : 'undefined',
      ]);
    }
  });

  it('spells Python names in snake_case', () => {
    expect(machineMethods.map(method => snakeCase(method.name))).toContain('wait_until_succeeds');
  });

  it('gives signatures', () => {
    const method = machineMethods.find(one => one.name === 'waitForOpenPort')!;
    expect(signature(method)).toBe(
      'waitForOpenPort(port: number, options?: { addr?: string; timeout?: number }): Promise<void>',
    );
  });
});
