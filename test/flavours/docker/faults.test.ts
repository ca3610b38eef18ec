import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { docker } from '../../../src/flavours/docker/index.js';
import { JobBoard } from '../../../src/jobs/board.js';
import { nxc } from '../../helpers/executable.js';
import { temporaryFolder } from '../../helpers/temporary.js';
import { until } from '../../helpers/until.js';
import { imageTarball } from './build.js';
import { built, noDocker, start, text, thingsOf } from './deployment.js';
import { noPrivateEngine, PrivateEngine } from './private-engine.js';

afterEach(() => {
  delete process.env.DOCKER_HOST;
});

const records = (directory: string) => readdir(join(directory, 'deploy'));

describe.skipIf(noDocker)(`a start that cannot be${noDocker ? ` (skipped: ${noDocker})` : ''}`, () => {
  it('shows the log of a container that ends at once', async () => {
    const command = ['/bin/bash', '-c', 'echo cannot find the moon; exit 3'];
    const project = await built({ a: {}, broken: { command } });
    const starting = start(project);
    await expect(starting).rejects.toThrow('the container of node broken ended as soon as it was started');
    await expect(starting).rejects.toThrow('exited with status 3');
    await expect(starting).rejects.toThrow('cannot find the moon');
    expect(await records(project.directory)).toEqual([]);
  });

  it('says which program a container does not have', async () => {
    await expect(start(await built({ a: { command: ['/nowhere/init'] } }))).rejects.toThrow('/nowhere/init');
  });

  it('says what is not in the store', async () => {
    const init = '/nix/store/00000000000000000000000000000000-nixos/init';
    await expect(start(await built({ a: { command: [init] } }))).rejects.toThrow(
      `${init}, which node a needs, is not in the store`,
    );
    const volumes = ['/nix/store/00000000000000000000000000000000-env:/run/system:ro'];
    await expect(start(await built({ a: { volumes } }))).rejects.toThrow(
      'which node a needs, is not in the store',
    );
    const image = '/nix/store/00000000000000000000000000000000-image.tar.gz';
    await expect(start(await built({ a: {} }, { image }))).rejects.toThrow(
      `the image ${image} is not in the store`,
    );
  });

  it('says what compose finds wrong with the file', async () => {
    const project = await built({ a: { restart: 7, nonsense: true } });
    await expect(start(project)).rejects.toThrow(/nonsense/);
    expect(await records(project.directory)).toEqual([]);
    await expect(start(await built({ a: { volumes: ['not a name!:/x'] } }))).rejects.toThrow(/not a name!/);
  });

  it('says that a compose file is broken', async () => {
    const project = await built({ a: {} });
    await writeFile(join(project.directory, 'compose-of-roles.json'), '{"services":');
    await expect(start(project)).rejects.toThrow('is not valid JSON');
    await rm(join(project.directory, 'compose-of-roles.json'));
    await expect(start(project)).rejects.toThrow('cannot be read');
  });

  it('says that a file is no image', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'image.tar.gz'), 'nothing of the kind');
    await expect(start(await built({ a: {} }, { image: join(folder, 'image.tar.gz') }))).rejects.toThrow(
      /image\.tar\.gz|invalid tar/,
    );
  });

  it('gives up when nodes do not boot in time', async () => {
    const project = await built({
      a: {
        environment: { PATH: '/nowhere' },
        tmpfs: ['/bin'],
        command: ['/lib64/ld-linux-x86-64.so.2', '/usr/nothing'],
      },
    });
    const starting = start(project, {}, { waitTimeoutMs: 1 });
    await expect(starting).rejects.toThrow('these nodes have not booted: a');
    expect(await records(project.directory)).toEqual([]);
  });
});

describe('without an engine', () => {
  it('a start says how to get one, and leaves nothing', async () => {
    process.env.DOCKER_HOST = `unix://${await temporaryFolder()}/none.sock`;
    const project = await built({ a: {} });
    await expect(start(project)).rejects.toThrow(
      /the Docker engine is not running\n.*none\.sock\nto do: start it/,
    );
    expect(await readdir(join(project.directory))).not.toContain('artifact');
    expect(await docker.leftovers()).toEqual(expect.any(Array));
    expect((await docker.requirements())[0]).toMatchObject({
      name: 'Docker engine',
      ok: false,
      needed: true,
    });
  });

  it('an engine elsewhere is refused', async () => {
    process.env.DOCKER_HOST = 'tcp://127.0.0.1:2375';
    await expect(start(await built({ a: {} }))).rejects.toThrow('must run on this machine');
  });

  it.skipIf(noDocker !== undefined || process.getuid?.() !== 0)(
    'one that is not permitted says what group to join',
    async () => {
      const folder = await temporaryFolder();
      await mkdir(join(folder, 'deploy'));
      const words = [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        'dist/kernel/main.cjs',
        'doctor',
      ];
      const child = spawn('setpriv', words, { env: { ...process.env, HOME: folder } });
      let said = '';
      child.stdout.on('data', chunk => {
        said += chunk;
      });
      await once(child, 'close');
      expect(said).toMatch(/Docker engine +✘ missing +no permission to use it: `sudo usermod -aG docker/);
    },
  );
});

describe.skipIf(noDocker ?? noPrivateEngine)(
  `an engine that fails${noPrivateEngine ? ` (skipped: ${noPrivateEngine})` : ''}`,
  () => {
    it('in the middle of a start leaves a record that the next start, or a stop, clears', async () => {
      const own = await new PrivateEngine().start();
      process.env.DOCKER_HOST = `unix://${own.socket}`;
      const project = await built({ a: {} });
      const board = new JobBoard(new AbortController().signal);
      const starting = start(project, { a: 4 }, {}, board);
      starting.catch(() => {});
      await until(() => board.snapshots().some(({ step }) => step === 'created' || step === 'booting'));
      await own.kill();
      await expect(starting).rejects.toThrow(/the Docker engine (is not running|ended)/);
      const [file] = await records(project.directory);
      const { run, state } = JSON.parse(await readFile(join(project.directory, 'deploy', file!), 'utf8'))[
        'x-nxc'
      ];
      expect(state).toBe('stopping');
      await expect(start(project)).rejects.toThrow('the Docker engine is not running');
      await own.start();
      const again = await start(project);
      expect(await text(again, 'a', 'hostname')).toBe('a\n');
      expect(await thingsOf(run, own.engine())).toEqual([]);
      const { run: second } = again.record['x-nxc'];
      await nxc(['stop'], { cwd: project.directory });
      expect(await thingsOf(second, own.engine())).toEqual([]);
    }, 120_000);

    it('for want of room says so, and how to make some', async () => {
      const own = await new PrivateEngine('24m').start();
      process.env.DOCKER_HOST = `unix://${own.socket}`;
      const folder = await temporaryFolder();
      // A tarball that no engine has seen.
      await copyFile(await imageTarball(), join(folder, 'image.tar.gz'));
      await writeFile(join(own.folder, 'data/ballast'), Buffer.alloc(20_000_000));
      const project = await built({ a: {} }, { image: join(folder, 'image.tar.gz') });
      await expect(start(project)).rejects.toThrow(/no space left on device[\s\S]*docker system df/);
      expect(await records(project.directory)).toEqual([]);
    });
  },
);
