import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSetup, parseSetupParams } from '../../src/composition/index.js';
import { setupDocument } from '../../src/composition/setup-document.js';
import { temporaryFolder } from './temporary.js';

const text = `[params]
a = "hello"
b = 10
[options]
flavour = "vm"
[dev.params]
b = 20
[dev.options]
composition-file = "dev.nix"
`;

describe('setup.toml', () => {
  it('gives a build its variant and parameters, and stays as it is', async () => {
    const folder = temporaryFolder({ 'setup.toml': text });
    const setup = await loadSetup(folder, { variant: 'dev', params: { a: 'bye' } });
    expect(setup.values.params).toEqual({ a: 'bye', b: 20 });
    expect(setup.values.project.selected).toBe('dev');
    expect(setup.options).toEqual({ flavour: 'vm', 'composition-file': 'dev.nix' });
    expect(setup.warnings).toEqual([]);
    expect(readFileSync(join(folder, 'setup.toml'), 'utf8')).toBe(text);
  });

  it('builds the variant that the file selects, unless another or none is chosen', async () => {
    const selecting = `${text}[project]\nselected = "dev"\n[big.params]\nb = 30\n`;
    const folder = temporaryFolder({ 'setup.toml': selecting });
    const setup = await loadSetup(folder);
    expect(setup.values.params).toEqual({ a: 'hello', b: 20 });
    expect(setup.values.project.selected).toBe('dev');
    expect(setup.options['composition-file']).toBe('dev.nix');
    expect(setup).toMatchObject({ asWritten: true, warnings: [] });
    expect((await loadSetup(folder, { variant: 'big' })).values.params.b).toBe(30);
    expect((await loadSetup(folder, { variant: '' })).values.params.b).toBe(10);
    const document = await setupDocument(folder, { params: { a: 'bye' } });
    expect(document).toContain('selected = "dev"');
    expect(document).toContain('[dev.params]\nb = 20\na = "bye"');
    expect(await setupDocument(folder, { variant: '' })).not.toContain('selected');
  });

  it('says of a variant that the file selects and does not have, where it is named', async () => {
    const folder = temporaryFolder({ 'setup.toml': `${text}[project]\nselected = "dve"\n` });
    await expect(loadSetup(folder)).rejects.toThrow(
      `project.selected in ${folder}/setup.toml names no variant: "dve"\ndid you mean dev?`,
    );
  });

  it('does not use parameters that an earlier build of upstream left in the file, and says how to', async () => {
    const folder = temporaryFolder({ 'setup.toml': `${text}[override-params]\na = "stale"\n` });
    const setup = await loadSetup(folder);
    expect(setup.values.params).toEqual({ a: 'hello', b: 10 });
    expect(setup.warnings).toEqual([
      `${folder}/setup.toml: [override-params] of an earlier build is not used; choose it with nxc build -p a=stale`,
    ]);
  });

  it('gives dates as text, as they stand there', async () => {
    const folder = temporaryFolder({ 'setup.toml': '[params]\ndays = [2026-11-23]\n' });
    expect((await loadSetup(folder)).values.params).toEqual({ days: ['2026-11-23'] });
  });

  it('names the variants when one is unknown', async () => {
    const folder = temporaryFolder({ 'setup.toml': text });
    await expect(loadSetup(folder, { variant: 'dve' })).rejects.toThrow(
      `${folder}/setup.toml has no variant "dve"\ndid you mean dev?\nfound: variants dev`,
    );
  });

  it('warns of a parameter that is in no table', async () => {
    const folder = temporaryFolder({ 'setup.toml': '[params]\nclients = 2\n' });
    const setup = await loadSetup(folder, { params: { client: 3 } });
    expect(setup.warnings).toEqual([
      `${folder}/setup.toml: [params] has no "client" (did you mean clients?)`,
    ]);
  });

  it('may be missing, unless a variant is asked for', async () => {
    const folder = temporaryFolder();
    expect((await loadSetup(folder, { params: { n: 1 } })).values.params).toEqual({ n: 1 });
    await expect(loadSetup(folder, { variant: 'dev' })).rejects.toThrow('--setup dev asks for a variant');
  });

  it('explains broken TOML', async () => {
    const folder = temporaryFolder({ 'setup.toml': '[params\n' });
    await expect(loadSetup(folder)).rejects.toThrow(`${folder}/setup.toml is not valid TOML`);
  });

  it('reads parameters of the command line as upstream does', () => {
    expect(parseSetupParams(['a=1', 'b=x=y', 'c=', 'd=1.5'])).toEqual({ a: 1, b: 'x=y', c: '', d: '1.5' });
    expect(() => parseSetupParams(['a'])).toThrow('cannot read parameter "a"');
  });
});
