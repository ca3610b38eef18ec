import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Command as Commander } from 'commander';
import fc from 'fast-check';
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
      'init overwrites nothing\nfound: nxc/composition.nix, nxc.json\nto do: work in another folder, or move these away; `--force` writes over them',
    );
    expect(readdirSync(join(cwd, 'nxc'))).toEqual(['composition.nix']);
    expect(readFileSync(join(cwd, 'nxc.json'), 'utf8')).toBe('mine too');
  });

  it.each(Object.keys(templates))(
    'says that a project of %s is already there, as often as it is made',
    async name => {
      const cwd = temporaryFolder();
      await run(cwd, '-t', name, '-f', 'docker');
      const before = readFileSync(join(cwd, 'nxc/nxc.json'), 'utf8');
      for (let time = 0; time < 3; time++)
        expect(await run(cwd, '-t', name, '-f', 'docker')).toMatch(
          /^already there: nxc\/composition.nix, nxc\/flake.nix, nxc\/nxc.json, nxc.json\nnext: nxc build/,
        );
      expect(readFileSync(join(cwd, 'nxc/nxc.json'), 'utf8')).toBe(before);
    },
  );

  it('says so from within the folder of the project too, and refuses other arguments there', async () => {
    const cwd = temporaryFolder();
    await run(cwd);
    const inside = join(cwd, 'nxc');
    expect(await run(inside)).toMatch(
      /^already there: composition.nix, flake.nix, nxc.json, \.\.\/nxc.json\n/,
    );
    await expect(run(inside, '-t', 'webserver')).rejects.toThrow('made from the template basic');
    await expect(run(inside, '-f', 'docker')).rejects.toThrow('has the default flavour local, not docker');
    expect(readdirSync(inside).sort()).toEqual(['composition.nix', 'flake.nix', 'nxc.json']);
  });

  it('keeps and names files that were changed, makes those that are missing, and replaces with --force', async () => {
    const cwd = temporaryFolder();
    await run(cwd);
    const composition = join(cwd, 'nxc/composition.nix');
    const original = readFileSync(composition, 'utf8');
    writeFileSync(composition, 'mine');
    rmSync(join(cwd, 'nxc/nxc.json'));
    expect(await run(cwd)).toBe(
      [
        "kept    nxc/composition.nix: it was changed (`nxc init --force` writes the template's)",
        'there   nxc/flake.nix',
        'create  nxc/nxc.json',
        'there   nxc.json',
        'next: edit nxc/composition.nix, then nxc build and nxc start',
        '',
      ].join('\n'),
    );
    expect(readFileSync(composition, 'utf8')).toBe('mine');
    expect(await run(cwd, '--force')).toContain('replace nxc/composition.nix\n');
    expect(readFileSync(composition, 'utf8')).toBe(original);
    rmSync(join(cwd, 'nxc'), { recursive: true });
    expect(await run(cwd)).toContain('create  nxc/composition.nix\n');
  });

  it.each(
    Object.keys(templates)
      .flatMap(one => Object.keys(templates).map(other => [one, other] as const))
      .filter(([one, other]) => one !== other),
  )('refuses to take a project of %s for one of %s, also a changed one', async (one, other) => {
    const cwd = temporaryFolder();
    await run(cwd, '-t', one);
    for (const text of [undefined, 'mine']) {
      if (text !== undefined) writeFileSync(join(cwd, 'nxc/composition.nix'), text);
      await expect(run(cwd, '-t', other)).rejects.toThrow(
        `the project that is there was made from the template ${one}, not from ${other}`,
      );
    }
    await expect(run(cwd, '-t', one, '-f', 'docker')).rejects.toThrow(
      'the project that is there has the default flavour local, not docker',
    );
  });

  it('says what is in the way where no project can be made', async () => {
    await expect(run('/proc')).rejects.toThrow(
      /^cannot write \/proc\/nxc\/\S+\nfound: \/proc\/nxc cannot be made: its file system has no new folders/,
    );
    const cwd = temporaryFolder();
    const path = join(cwd, 'nxc');
    writeFileSync(path, '');
    await expect(run(cwd)).rejects.toThrow(/^cannot write .*\nfound: .* is a file/);
    rmSync(path);
    symlinkSync('/nonexistent', path);
    await expect(run(cwd)).rejects.toThrow(/^cannot write .*\nfound: /);
    rmSync(path);
    mkdirSync(join(path, 'composition.nix'), { recursive: true });
    await expect(run(cwd, '--force')).rejects.toThrow(/^cannot write .*\/composition\.nix\nfound: /);
  });

  it('takes whatever a student did to the files for theirs, and never loses a byte of it', async () => {
    const names = ['composition.nix', 'flake.nix', 'nxc.json'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(templates)),
        fc.array(fc.record({ name: fc.constantFrom(...names), text: fc.option(fc.string()) })),
        async (template, changes) => {
          const cwd = temporaryFolder();
          await run(cwd, '-t', template);
          const expected = new Map(names.map(name => [name, readFileSync(join(cwd, 'nxc', name), 'utf8')]));
          for (const { name, text } of changes) {
            rmSync(join(cwd, 'nxc', name), { force: true });
            if (text === null) continue;
            writeFileSync(join(cwd, 'nxc', name), text);
            expected.set(name, text);
          }
          const mine = new Map(names.map(name => [name, existsSync(join(cwd, 'nxc', name))]));
          const said = await run(cwd, '-t', template);
          for (const name of names) {
            const now = readFileSync(join(cwd, 'nxc', name), 'utf8');
            if (mine.get(name)) expect(now).toBe(expected.get(name));
            expect(said).toContain(`nxc/${name}`);
          }
          expect(await run(cwd, '-t', template)).not.toContain('create');
        },
      ),
      { numRuns: 40 },
    );
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
