import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { installKernelspec, listKernelspecs, removeKernelspec } from '../../kernel/kernelspec/kernelspec.js';
import { findLauncher } from '../../kernel/kernelspec/launcher.js';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

let home: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  home = await temporaryFolder();
  env = { HOME: home, PATH: process.env.PATH };
});
const readSpec = async (folder: string) => JSON.parse(await readFile(join(folder, 'kernel.json'), 'utf8'));

describe('installing the kernelspec', () => {
  it('puts what a front-end needs where Jupyter looks for it, and says how to open it', async () => {
    const { folder, advice } = await installKernelspec({ env });
    expect(folder).toBe(join(home, '.local/share/jupyter/kernels/nxc'));
    expect((await readdir(folder)).sort()).toEqual([
      'kernel.json',
      'logo-32x32.png',
      'logo-64x64.png',
      'logo-svg.svg',
    ]);
    expect(await readSpec(folder)).toMatchObject({
      display_name: 'NixOS Compose',
      language: 'typescript',
      interrupt_mode: 'message',
      metadata: { debugger: false, supported_encryption: ['curve'] },
    });
    expect(advice.join('\n')).toContain('jupyter console --kernel nxc');
    expect(await readdir(dirname(folder))).toEqual(['nxc']);
  });

  it('lets every user read what it installs', async () => {
    const { folder } = await installKernelspec({ env });
    expect((await stat(folder)).mode & 0o777).toBe(0o777 & ~process.umask());
  });

  it('refuses two places at once', async () => {
    const args = ['kernel', 'install', '--user', '--prefix', join(home, 'p')];
    const { status, stderr } = await nxc(args, { cwd: home });
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--user and --prefix'),
    });
  });

  it('writes a command that starts this very program', async () => {
    const { folder } = await installKernelspec({ env });
    const { argv } = await readSpec(folder);
    expect(argv.slice(2)).toEqual(['kernel', 'start', '-f', '{connection_file}']);
    const child = spawn(argv[0], [argv[1], '--version']);
    let text = '';
    for await (const chunk of child.stdout) text += chunk;
    expect(text.trim()).toBe(JSON.parse(await readFile('package.json', 'utf8')).version);
  });

  it.each([
    ['a prefix', 'other', async () => ({ prefix: join(home, 'p') })],
    ['a Python environment', 'env', async () => ({ sysPrefix: true as const })],
  ])('below %s is listed, replaced and removed by its name', async (_, name, destinationOf) => {
    env.VIRTUAL_ENV = join(home, 'p');
    const destination = await destinationOf();
    const options = { destination, name, displayName: 'Lab 3', env };
    const { folder } = await installKernelspec(options);
    expect((await installKernelspec(options)).folder).toBe(folder);
    expect(folder).toBe(join(home, 'p/share/jupyter/kernels', name));
    expect(await listKernelspecs(env)).toMatchObject([{ name, displayName: 'Lab 3', folder, works: true }]);
    expect(await removeKernelspec(options)).toBe(folder);
    expect(await listKernelspecs(env)).toEqual([]);
    await expect(removeKernelspec(options)).rejects.toThrow('there is no kernelspec');
  });

  it('may be read by everybody who may read what root installs', async () => {
    const umask = process.umask(0o022);
    onTestFinished(() => void process.umask(umask));
    const { folder } = await installKernelspec({ env, destination: { prefix: join(home, 'p') } });
    expect(((await stat(folder)).mode & 0o777).toString(8)).toBe('755');
  });

  it('leaves the kernelspec of another kernel alone', async () => {
    const folder = join(home, '.local/share/jupyter/kernels/python3');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'kernel.json'), '{"display_name": "Python 3", "argv": []}');
    await expect(installKernelspec({ env, name: 'python3' })).rejects.toThrow('belongs to another kernel');
    await expect(removeKernelspec({ env, name: 'python3' })).rejects.toThrow('belongs to another kernel');
    expect((await readSpec(folder)).display_name).toBe('Python 3');
    expect(await listKernelspecs(env)).toEqual([]);
  });

  it('says how Jupyter finds a prefix where it does not look by itself', async () => {
    const destination = { prefix: join(home, 'far') };
    const { advice } = await installKernelspec({ env, destination });
    expect(advice[0]).toContain(`JUPYTER_PATH=${join(home, 'far/share/jupyter')}`);
    const JUPYTER_PATH = join(home, 'far/share/jupyter');
    expect((await installKernelspec({ env: { ...env, JUPYTER_PATH }, destination })).advice[0]).toContain(
      'jupyter lab',
    );
  });

  it.each(['', 'a b', '../up', '..'])('refuses the name %j', async name => {
    await expect(installKernelspec({ env, name })).rejects.toThrow('cannot be the name');
  });

  it('says what to do where it may not write, and where there is no Python', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(installKernelspec({ env, destination: { prefix: join(home, 'file') } })).rejects.toThrow(
      /ENOTDIR\nto do: /,
    );
    const nothing = { HOME: home, PATH: home };
    await expect(installKernelspec({ env: nothing, destination: { sysPrefix: true } })).rejects.toThrow(
      '--prefix DIR',
    );
  });
});

describe('the command of the kernelspec', () => {
  it('goes through links that outlive an upgrade, not through those of a session', async () => {
    const { node, main } = findLauncher({ PATH: '' });
    const TMPDIR = join(home, 'tmp');
    const links = { lasting: join(home, 'bin'), session: join(TMPDIR, 'bin') };
    for (const folder of Object.values(links)) {
      await mkdir(folder, { recursive: true });
      await symlink(node, join(folder, 'node'));
    }
    expect(findLauncher({ PATH: links.session, TMPDIR }).node).toBe(node);
    expect(findLauncher({ PATH: `${links.session}:${links.lasting}`, TMPDIR })).toEqual({
      node: join(links.lasting, 'node'),
      main,
    });
  });
});

describe('the logos', () => {
  it.each([32, 64])('of %i pixels are drawn from the SVG', async size => {
    const svg = await readFile('kernel/kernelspec/logo-svg.svg', 'utf8');
    const drawn = new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
    expect(drawn.equals(await readFile(`kernel/kernelspec/logo-${size}x${size}.png`))).toBe(true);
  });
});
