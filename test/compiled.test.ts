import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { Module } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../src/assets.js';

const compiledOf = (folder: string) =>
  readdirSync(join(folder, 'dist/chunks'))
    .filter(name => name.endsWith(`.cjs.${process.version}`))
    .map(name => join(folder, 'dist/chunks', name));

describe('what V8 made of the bundles', () => {
  const copy = mkdtempSync(join(tmpdir(), 'nxc-compiled-'));
  afterAll(() => rmSync(copy, { recursive: true }));

  it('fits the Node that built them', () => {
    const files = compiledOf(packageRoot());
    expect(files.length).toBeGreaterThan(50);
    const refused = files.filter(file => {
      const code = Module.wrap(readFileSync(file.slice(0, -process.version.length - 1), 'utf8'));
      return new Script(code, { cachedData: readFileSync(file) }).cachedDataRejected;
    });
    expect(refused).toEqual([]);
  });

  it('is not needed: commands run without it, with half of it, and under other flags of V8', () => {
    cpSync(join(packageRoot(), 'dist'), join(copy, 'dist'), { recursive: true });
    for (const name of ['package.json', 'node_modules', 'src'])
      symlinkSync(join(packageRoot(), name), join(copy, name));
    const help = (...flags: string[]) =>
      execFileSync(process.execPath, [...flags, join(copy, 'dist/kernel/main.cjs'), 'exec', '--help'], {
        encoding: 'utf8',
      });
    const expected = help();
    expect(expected).toContain('run a command on nodes');
    expect(help('--no-opt')).toBe(expected);
    for (const file of compiledOf(copy)) truncateSync(file, readFileSync(file).length / 2);
    expect(help()).toBe(expected);
    for (const file of compiledOf(copy)) rmSync(file);
    expect(help()).toBe(expected);
  });
});
