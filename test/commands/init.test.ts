import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Command as Commander } from 'commander';
import { describe, expect, it } from 'vitest';
import { assetPath } from '../../src/assets.js';
import type { CommandContext } from '../../src/commands/command.js';
import { init } from '../../src/commands/init.js';
import { templates } from '../../src/composition/templates.js';
import type { Renderable } from '../../src/display/bundle.js';
import { flavourNames } from '../../src/flavours/registry.js';
import { temporaryFolder } from '../composition/temporary.js';

/** Runs `nxc init WORDS` in a folder; returns what it printed. */
async function run(cwd: string, ...words: string[]): Promise<string> {
  let output = '';
  const program = new Commander('init');
  init.configure?.(program);
  program.parse(words, { from: 'user' });
  const display = {
    write: (text: string) => (output += text),
    show: (content: Renderable) => (output += content.toTerminal?.(120) ?? ''),
  };
  await init.run(program.args, program.opts(), {
    workspace: { cwd, env: {} },
    display,
  } as unknown as CommandContext);
  return output;
}

describe('nxc init', () => {
  it('makes the basic project and the link above it', async () => {
    const cwd = temporaryFolder();
    const output = await run(cwd);
    expect(output).toContain('create  nxc/composition.nix\n');
    expect(readdirSync(join(cwd, 'nxc')).sort()).toEqual(['composition.nix', 'flake.nix', 'nxc.json']);
    expect(readlinkSync(join(cwd, 'nxc.json'))).toBe('nxc/nxc.json');
    expect(JSON.parse(readFileSync(join(cwd, 'nxc.json'), 'utf8'))).toMatchObject({
      composition: 'composition.nix',
      default_flavour: 'local',
    });
  });

  it('writes the flavour of -f, and no link with --no-symlink', async () => {
    const cwd = temporaryFolder();
    const output = await run(cwd, '-t', 'webserver', '-f', 'vm', '--no-symlink');
    expect(output).toContain('warning: this version cannot build or start flavour vm, only local, docker');
    expect(JSON.parse(readFileSync(join(cwd, 'nxc/nxc.json'), 'utf8')).default_flavour).toBe('vm');
    expect(lstatSync(join(cwd, 'nxc.json'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('overwrites nothing, and lists what is in the way', async () => {
    const cwd = temporaryFolder({ 'nxc/composition.nix': 'mine', 'nxc.json': 'mine too' });
    await expect(run(cwd)).rejects.toThrow(
      'init overwrites nothing\nfound: nxc/composition.nix, nxc.json\nto do: work in another folder, or move these away',
    );
    expect(readdirSync(join(cwd, 'nxc'))).toEqual(['composition.nix']);
    expect(readFileSync(join(cwd, 'nxc.json'), 'utf8')).toBe('mine too');
  });

  it('suggests templates and flavours', async () => {
    const cwd = temporaryFolder();
    await expect(run(cwd, '-t', 'web-server')).rejects.toThrow('did you mean webserver?');
    await expect(run(cwd, '-f', 'dokcer')).rejects.toThrow(
      'there is no flavour "dokcer"\ndid you mean docker?',
    );
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('lists templates and flavours as JSON', async () => {
    const cwd = temporaryFolder();
    expect(Object.keys(JSON.parse(await run(cwd, '--list-templates-json')))).toContain('client-server');
    expect(JSON.parse(await run(cwd, '--list-flavours-json'))['g5k-image'].image.type).toBe('tarball');
    const flavours = await run(cwd, '-F');
    expect(flavours).toMatch(/^vm +not in this version +QEMU/m);
    for (const name of flavourNames()) expect(flavours).toMatch(new RegExp(`^${name} +yes `, 'm'));
    expect(readdirSync(cwd)).toEqual([]);
  });
});

const nix = ['nix', '/usr/bin/nix'].find(program => {
  try {
    return execFileSync(program, ['--version']);
  } catch {
    return undefined;
  }
});

describe.skipIf(!nix)(`the templates' flake${nix ? '' : ' (skipped: no nix on this machine)'}`, () => {
  const environment = () => {
    const home = temporaryFolder();
    return {
      ...process.env,
      HOME: home,
      NIX_CONFIG: `build-users-group =\nsandbox = false\nsubstituters =\nexperimental-features = nix-command flakes`,
      NIX_STORE_DIR: join(home, 'store'),
      NIX_STATE_DIR: join(home, 'state'),
      NIX_LOG_DIR: join(home, 'log'),
    };
  };

  it('offers the same templates as init, with the same descriptions', () => {
    const apply = 'ts: builtins.mapAttrs (_: t: t.description) (builtins.removeAttrs ts [ "default" ])';
    const folder = assetPath('src/composition/templates');
    const output = execFileSync(nix!, ['eval', '--json', `path:${folder}#templates`, '--apply', apply], {
      env: environment(),
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual(templates);
  });

  it('gives a project through nix flake init', () => {
    const cwd = temporaryFolder();
    const folder = assetPath('src/composition/templates');
    execFileSync(nix!, ['flake', 'init', '-t', `path:${folder}#webserver`], { cwd, env: environment() });
    const file = (folder: string) => readFileSync(join(folder, 'composition.nix'), 'utf8');
    expect(file(cwd)).toBe(file(join(folder, 'webserver')));
  });

  it.each(Object.keys(templates))('of %s and its composition parse', name => {
    for (const file of ['flake.nix', 'composition.nix']) {
      const path = assetPath(`src/composition/templates/${name}/${file}`);
      execFileSync('nix-instantiate', ['--parse', path], { env: environment(), stdio: 'pipe' });
    }
  });
});
