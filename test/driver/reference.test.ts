import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/assets.js';
import { describeGlobals } from '../../src/driver/driver.js';
import { machineMethods } from '../../src/driver/methods.js';
import { snakeCase } from '../../src/driver/naming.js';
import { PythonDriver } from '../../src/driver/python-driver.js';
import { reference } from '../../src/driver/reference.js';
import { symbols } from '../../src/driver/symbols.js';
import { nxc } from '../helpers/executable.js';
import { fourNodes, hostDeployment, serve } from './harness.js';

const python = new PythonDriver();
const { globals, service, display } = serve(hostDeployment(fourNodes));
afterAll(() => python.close());

async function names(expression: string): Promise<string[]> {
  display.text = '';
  await python.run(`print(" ".join(${expression}))`, {
    file: 'names',
    machines: describeGlobals({ nodes: fourNodes }).machines,
    handle: service.handle,
    display,
    signal: new AbortController().signal,
    cwd: '/',
    env: process.env,
  });
  return display.text.trim().split(' ');
}

describe('the reference page', () => {
  it('in the repository is the one that the tables give: nxc driver --reference > src/driver/REFERENCE.md', async () => {
    const page = await readFile(join(packageRoot(), 'src/driver/REFERENCE.md'), 'utf8');
    expect(page).toBe(reference());
    expect(await nxc(['driver', '--reference'], { cwd: '/' })).toMatchObject({ status: 0, stdout: page });
  });
});

describe('TypeScript and Python', () => {
  it('have every method of the table on machines and on lists of machines', async () => {
    const table = machineMethods.map(method => method.name);
    for (const name of table) {
      expect([name, typeof globals.server[name], typeof globals.nodes[name]]).toEqual([
        name,
        'function',
        'function',
      ]);
    }
    const inPython = table.map(snakeCase);
    expect(await names('dir(server)')).toEqual(expect.arrayContaining(inPython));
    expect(await names('dir(machines)')).toEqual(expect.arrayContaining(inPython));
  });

  it('have the words that the reference page says they have', async () => {
    const first = (text: string | undefined) => /(?:function |var |with |@|^)(\w+)/.exec(text ?? '')?.[1];
    const [typescript, scripts] = [
      symbols.flatMap(symbol => first(symbol.typescript) ?? []),
      symbols.flatMap(symbol => first(symbol.python) ?? []),
    ];
    expect(Object.keys(globals)).toEqual(expect.arrayContaining(typescript));
    expect(await names('list(globals())')).toEqual(expect.arrayContaining(scripts));
  });
});
