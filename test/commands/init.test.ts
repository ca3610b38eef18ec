import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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
import { nxc } from '../helpers/executable.js';
import { flakeProject, NIX_CONFIG, nixInstalled, withoutNix } from '../helpers/nix.js';
import { temporaryFolder as sharedTemporaryFolder } from '../helpers/temporary.js';

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
    expect(output).toContain(
      'warning: this version builds flavour vm with Nix but cannot start it, only local, docker',
    );
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

describe.skipIf(!nixInstalled)(`nxc init with templates of a flake${withoutNix}`, () => {
  const flake = (): Promise<string> =>
    flakeProject({
      packages: '{ }',
      files: {
        'lab/composition.nix': '{ ... }: { roles.lab = { ... }: { }; }\n',
        'lab/scripts/run.sh': '#!/bin/sh\n',
        'flake.nix': `{ outputs = _: { templates = {
          lab = { path = ./lab; description = "A lab"; };
          default = { path = ./lab; description = "Also a lab"; };
        }; }; }`,
      },
    });

  it('lists them', async () => {
    const folder = await flake();
    const { stdout } = await nxc(['init', '-t', `${folder}#`, '--list-templates'], {
      cwd: folder,
      env: { NIX_CONFIG },
    });
    expect(stdout).toMatch(/^lab +A lab$/m);
    const json = await nxc(['init', '-t', '.#', '--list-templates-json'], {
      cwd: folder,
      env: { NIX_CONFIG },
    });
    expect(json.stdout).toContain('"default": "Also a lab"');
  });

  it('makes a project of one, that can be changed and has settings', async () => {
    const folder = await flake();
    chmodSync(join(folder, 'lab/scripts/run.sh'), 0o755);
    const cwd = await sharedTemporaryFolder();
    const { stdout } = await nxc(['init', '-t', `${folder}#lab`, '-f', 'local'], {
      cwd,
      env: { NIX_CONFIG },
    });
    expect(stdout).toContain('create  nxc/scripts/run.sh\n');
    expect(statSync(join(cwd, 'nxc/composition.nix')).mode & 0o200).toBe(0o200);
    expect(statSync(join(cwd, 'nxc/scripts/run.sh')).mode & 0o100).toBe(0o100);
    expect(JSON.parse(readFileSync(join(cwd, 'nxc.json'), 'utf8'))).toEqual({ default_flavour: 'local' });
    expect((await nxc(['build'], { cwd })).stdout).toContain('composition::local, 1 role');
  });

  it('names near templates when one is missing', async () => {
    const folder = await flake();
    const { stderr, status } = await nxc(['init', '-t', `${folder}#lba`], {
      cwd: folder,
      env: { NIX_CONFIG },
    });
    expect(stderr).toContain(`has no template "lba"\ndid you mean lab?`);
    expect(status).toBe(1);
  });

  it("makes nxc a name in the user's registry, and nothing else", async () => {
    const home = await sharedTemporaryFolder();
    const folder = await flake();
    writeFileSync(join(home, 'global.json'), '{ "version": 2, "flakes": [] }');
    const config = `${NIX_CONFIG}\nflake-registry = ${join(home, 'global.json')}`;
    const env = { NIX_CONFIG: config, HOME: home, XDG_CONFIG_HOME: join(home, '.config') };
    const ran = await nxc(['init', '--register', folder], { cwd: home, env });
    expect(ran.stdout).toContain(`register nxc: nxc stands for ${folder}`);
    expect(readdirSync(home)).not.toContain('nxc');
    const made = await nxc(['init', '-t', 'nxc#lab'], { cwd: home, env });
    expect(made.stdout).toContain('create  nxc/composition.nix');
  });
});
