import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compositionFile, compositionName, findProject } from '../../src/composition/index.js';
import { temporaryFolder } from './temporary.js';

const settings = '{"composition": "c.nix", "default_flavour": "vm", "ours": [1]}';

describe('finding the project', () => {
  it('takes the folder of nxc.json', () => {
    const folder = temporaryFolder({ 'nxc.json': settings });
    expect(findProject(folder)).toEqual({ directory: folder, settings: JSON.parse(settings) });
  });

  it('follows the link that init makes', () => {
    const folder = temporaryFolder({ 'nxc/nxc.json': settings });
    symlinkSync('nxc/nxc.json', join(folder, 'nxc.json'));
    expect(findProject(folder).directory).toBe(join(folder, 'nxc'));
  });

  it('takes ./nxc, also without nxc.json in it', () => {
    const folder = temporaryFolder({ 'nxc/composition.nix': '{ }' });
    expect(findProject(folder)).toEqual({ directory: join(folder, 'nxc'), settings: {} });
  });

  it('says that there is no such folder', () => {
    const folder = temporaryFolder({});
    expect(() => findProject(`${folder}/none`)).toThrow(`there is no folder ${folder}/none
to do: go to one that exists`);
  });

  it('says where the project is when the user stands below it', () => {
    const folder = temporaryFolder({ 'nxc.json': settings, 'data/x': '' });
    expect(() => findProject(join(folder, 'data'))).toThrow(
      `there is no project in ${folder}/data\nfound: a project in ${folder}\nto do: %cd ${folder} (or -d ${folder})`,
    );
  });

  it('explains a broken nxc.json', () => {
    const folder = temporaryFolder({ 'nxc.json': '{"composition": }' });
    expect(() => findProject(folder)).toThrow(`${folder}/nxc.json is not valid JSON`);
    const list = temporaryFolder({ 'nxc.json': '{"composition": 3}' });
    expect(() => findProject(list)).toThrow(`"composition" in ${list}/nxc.json is not a string\nfound: 3`);
  });
});

describe('nxc.json', () => {
  it('names the composition, after what was asked for and before composition.nix', () => {
    const project = { directory: '/p', settings: { composition: 'c.nix' } };
    expect(compositionFile(project)).toBe('/p/c.nix');
    expect(compositionFile(project, 'd/e.nix')).toBe('/p/d/e.nix');
    expect(compositionFile({ directory: '/p', settings: {} })).toBe('/p/composition.nix');
    expect(compositionName('/p/d/my.exp.nix')).toBe('my.exp');
  });
});
