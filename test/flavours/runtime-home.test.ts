import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstHome, makeRuntimeHome, runtimeHomes } from '../../src/flavours/runtime-home.js';
import { EXECUTABLE, nxc, type Ran } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';

const root = process.getuid?.() === 0;
const NAME = `nxc-${process.getuid!()}`;

/** A root of its own, below that of all tests: so nothing of it is missed at the end. */
function ownRoot(): string {
  const folder = mkdtempSync(join(dirname(firstHome()), 'home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('what somebody else has made of the folder in /tmp', () => {
  const foreign = (path: string, mode: number) => {
    mkdirSync(path);
    chmodSync(path, mode);
    chownSync(path, 65534, 65534);
  };
  const open = (path: string) => {
    mkdirSync(path);
    chmodSync(path, 0o777);
  };
  const occupants: Array<[string, (path: string) => void, boolean?]> = [
    ["somebody else's folder that nobody may enter", path => foreign(path, 0o700), true],
    ["somebody else's folder that all may write to", path => foreign(path, 0o777), true],
    ['a folder that all may write to', open],
    ['a file', path => writeFileSync(path, 'taken')],
    ['a link to somewhere', path => symlinkSync('/etc', path)],
    ['a link to nowhere', path => symlinkSync('/nowhere/at/all', path)],
  ];
  it.each(root ? occupants : occupants.filter(([, , needsRoot]) => !needsRoot))(
    'is left alone: %s',
    (_, occupy) => {
      const { NXC_RUNTIME_ROOT: before } = process.env;
      const place = ownRoot();
      process.env.NXC_RUNTIME_ROOT = place;
      try {
        occupy(join(place, NAME));
        const home = makeRuntimeHome();
        expect(home).toMatch(new RegExp(`^${place}/${NAME}-\\w{6}$`));
        expect([makeRuntimeHome(), runtimeHomes()]).toEqual([home, [home]]);
        expect(statSync(home).mode & 0o777).toBe(0o700);
        rmSync(join(place, NAME), { recursive: true });
        expect(makeRuntimeHome()).toBe(join(place, NAME));
        expect(runtimeHomes()).toEqual([join(place, NAME), home]);
      } finally {
        process.env.NXC_RUNTIME_ROOT = before;
      }
    },
  );

  for (const [what, occupy, needsRoot] of [occupants[0]!, occupants[3]!]) {
    it.skipIf(needsRoot && !root)(`does not stop a user: ${what}`, async () => {
      const env = { NXC_RUNTIME_ROOT: ownRoot() };
      occupy(join(env.NXC_RUNTIME_ROOT, NAME));
      const cwd = await builtProject();
      const run = (...words: string[]) => nxc(words, { cwd, env });
      expect(await run('start')).toMatchObject({ status: 0, stderr: '' });
      expect(await run('exec', 'foo', '--', 'hostname')).toMatchObject({ status: 0, stdout: 'foo\n' });
      expect((await run('status', '--all')).stdout).toContain(`1/1 up  ${cwd}`);
      // Once the name is free again, what runs is found all the same.
      renameSync(join(env.NXC_RUNTIME_ROOT, NAME), join(env.NXC_RUNTIME_ROOT, 'aside'));
      const other = await builtProject(['bar']);
      expect((await nxc(['start'], { cwd: other, env })).status).toBe(0);
      expect(readdirSync(join(env.NXC_RUNTIME_ROOT, NAME))).toHaveLength(1);
      expect(await run('start')).toMatchObject({ status: 0, stderr: '' });
      expect((await run('status', '--all')).stdout.match(/1\/1 up/g)).toHaveLength(2);
      expect(await run('exec', 'foo', '--', 'hostname')).toMatchObject({ status: 0, stdout: 'foo\n' });
      expect((await run('stop', '--all')).status).toBe(0);
      expect((await run('status', '--all')).stdout).toBe('nothing of yours is running on this machine\n');
    });
  }

  it('is an error that says where there is no room at all', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const cwd = await builtProject();
    const { status, stderr } = await nxc(['start'], { cwd, env: { NXC_RUNTIME_ROOT: join(folder, 'file') } });
    expect(status).toBe(1);
    expect(stderr).toContain('there is no place for the runtime files of a deployment');
    expect(stderr).not.toContain('bug');
  });

  it.skipIf(!root)(
    `leads an ordinary user to the folder of the session, or to a fresh one${root ? '' : ' (skipped: needs root to become another user)'}`,
    async () => {
      const uid = randomInt(40_000, 60_000);
      const taken = `/tmp/nxc-${uid}`;
      mkdirSync(taken);
      const folder = await temporaryFolder();
      chmodSync(folder, 0o755);
      const [cwd, session] = [join(folder, 'project'), join(folder, 'session')];
      for (const path of [cwd, session]) {
        await mkdir(path, { mode: 0o700 });
        chownSync(path, uid, uid);
      }
      const fresh = () => readdirSync('/tmp').filter(name => name.startsWith(`nxc-${uid}-`));
      onTestFinished(() => {
        for (const name of [`nxc-${uid}`, ...fresh()])
          rmSync(join('/tmp', name), { recursive: true, force: true });
      });
      const run = (words: string[], env: NodeJS.ProcessEnv = {}): Ran => {
        const { status, stdout, stderr } = spawnSync(process.execPath, [EXECUTABLE, ...words], {
          cwd,
          uid,
          gid: uid,
          encoding: 'utf8',
          env: { PATH: '/usr/bin:/bin', HOME: cwd, ...env },
        });
        return { status, stdout, stderr };
      };
      const inSession = { XDG_RUNTIME_DIR: session };
      for (const words of [
        ['init', '--no-symlink'],
        ['-d', 'nxc', 'build'],
      ])
        expect(run(words).status).toBe(0);
      expect(run(['-d', 'nxc', 'start'], inSession)).toMatchObject({ status: 0, stderr: '' });
      expect(readdirSync(join(session, 'nxc'))).toHaveLength(1);
      expect(run(['-d', 'nxc', 'exec', 'foo', '--', 'hostname'], inSession).stdout).toBe('foo\n');
      expect(run(['stop', '--all'], inSession).status).toBe(0);
      expect(readdirSync(join(session, 'nxc'))).toEqual([]);
      expect(run(['-d', 'nxc', 'start'])).toMatchObject({ status: 0, stderr: '' });
      expect(fresh()).toHaveLength(1);
      expect(run(['-d', 'nxc', 'exec', 'foo', '--', 'hostname']).stdout).toBe('foo\n');
      expect(run(['stop', '--all']).status).toBe(0);
      expect(readdirSync(taken)).toEqual([]);
    },
  );
});
