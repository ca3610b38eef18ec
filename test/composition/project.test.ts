import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compositionFile, compositionName, findProject } from '../../src/composition/index.js';
import { compositionNote } from '../../src/composition/project.js';
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

describe('a composition file that nxc.json names and that is not there', () => {
  it('is the one that the flake names, else one with a usual name', () => {
    const named = '{"composition": "composition.nix"}';
    const several = temporaryFolder({ 'nxc.json': named, 'compositions.nix': '{ }' });
    expect(compositionFile(findProject(several))).toBe(join(several, 'compositions.nix'));
    expect(compositionNote(findProject(several), join(several, 'compositions.nix'))).toBe(
      'nxc.json names composition.nix, which is not there: compositions.nix is the composition',
    );
    const flake = temporaryFolder({
      'nxc.json': named,
      'compositions.nix': '{ }',
      'lab.nix': '{ }',
      'flake.nix':
        '{ outputs = { nxc, ... }: nxc.lib.compose { # composition = ./old.nix;\n composition = ./lab.nix; }; }',
    });
    expect(compositionFile(findProject(flake))).toBe(join(flake, 'lab.nix'));
    expect(compositionFile(findProject(flake), 'other.nix')).toBe(join(flake, 'other.nix'));
  });

  it('is missing all the same when there is no other', () => {
    const folder = temporaryFolder({ 'nxc.json': '{"composition": "lab.nix"}' });
    expect(compositionFile(findProject(folder))).toBe(join(folder, 'lab.nix'));
    expect(compositionNote(findProject(folder), join(folder, 'lab.nix'))).toBeUndefined();
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
