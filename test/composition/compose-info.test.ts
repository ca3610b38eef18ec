import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildLink,
  findBuild,
  listBuilds,
  parseBuildName,
  readBuild,
  resolveStorePath,
  writeComposeInfo,
} from '../../src/composition/index.js';
import { temporaryFolder } from './temporary.js';

/** Each flavour's document as upstream writes it (upstream's nix/compose.nix). */
const documents = (script: string) => ({
  docker: {
    image: '/nix/store/x-docker-image.tar.gz',
    roles: ['client', 'server'],
    'docker-compose-file': '/nix/store/x-docker-compose',
    test_script: script,
    flavour: 'docker',
    roles_distribution: { client: 2 },
  },
  nspawn: {
    roles: ['client', 'server'],
    composition: { client: { toplevel: '/nix/store/y', init: '/nix/store/y/init', volumes: [], ports: [] } },
    test_script: script,
    flavour: 'nspawn',
    roles_distribution: { client: 2 },
  },
  vm: {
    flavour: { name: 'vm', description: 'vm ', image: { distribution: 'all-in-one' } },
    system: 'x86_64-linux',
    compositions_info_path: '/nix/store/z-compositions-info.json',
    compositions_info: {
      composition: {
        test_script: script,
        roles_distribution: { client: 2 },
        roles: { server: { init: '/nix/store/s/init' }, client: { init: '/nix/store/c/init' } },
      },
    },
    all: { kernel: '/nix/store/k/kernel' },
  },
});

describe('a build document', () => {
  it.each(['docker', 'nspawn', 'vm'] as const)('of %s is read', async flavour => {
    const folder = temporaryFolder({ 'script.py': 'client1.succeed("true")\n' });
    const info = documents(join(folder, 'script.py'))[flavour];
    const link = buildLink(folder, { composition: 'lab', flavour });
    await writeComposeInfo(link, info);
    expect(await readBuild(link)).toEqual({
      composition: 'lab',
      flavour,
      link: `${folder}/build/lab::${flavour}`,
      roles: ['client', 'server'],
      rolesDistribution: { client: 2 },
      testScript: 'client1.succeed("true")\n',
      info,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is found through a link into a store that lies elsewhere', () => {
    const home = temporaryFolder({ '.local/share/nix/root/nix/store/abc-info': '{}', '.nix/store/def': '' });
    expect(resolveStorePath('/nix/store/abc-info', home)).toBe(
      `${home}/.local/share/nix/root/nix/store/abc-info`,
    );
    expect(resolveStorePath('/nix/store/def', home)).toBe(`${home}/.nix/store/def`);
    expect(resolveStorePath('/nix/store/ghi', home)).toBe('/nix/store/ghi');
    expect(resolveStorePath('/etc/passwd', home)).toBe('/etc/passwd');
  });

  it('is read through a link', async () => {
    const folder = temporaryFolder({ 'store/info': '{"flavour":"docker","roles":["b","a"]}' });
    mkdirSync(join(folder, 'build'));
    symlinkSync('../store/info', join(folder, 'build/c::docker'));
    expect((await readBuild(join(folder, 'build/c::docker'))).roles).toEqual(['a', 'b']);
  });

  it.each([
    ['not json', 'is not a build of NixOS Compose'],
    ['{}', 'is not a build of NixOS Compose\nfound: no flavour and roles in it'],
    ['{"flavour":"docker","roles":["a"],"test_script":"/nix/store/gone"}', 'cannot read the test script of'],
    ['{"flavour":{"name":"vm"},"compositions_info":{"a":{},"b":{}}}', 'has no composition "c"\nfound: a, b'],
  ])('that holds %s is explained', async (text, message) => {
    const link = join(temporaryFolder({ 'c::vm': text }), 'c::vm');
    await expect(readBuild(link)).rejects.toThrow(message);
  });
});

describe('builds of a project', () => {
  it('are listed newest first, other files left out', async () => {
    const folder = temporaryFolder({ 'build/a::vm': '', 'build/README': '' });
    // ctime has the resolution of the kernel's tick, so wait until a write is seen as later.
    const older = (await listBuilds(folder))[0]!;
    for (;;) {
      writeFileSync(join(folder, 'build/b::local'), '');
      utimesSync(join(folder, 'build/b::local'), 1, 1);
      const builds = await listBuilds(folder);
      if (builds[0]?.composition !== 'b') continue;
      expect(builds.map(({ composition, flavour }) => [composition, flavour])).toEqual([
        ['b', 'local'],
        ['a', 'vm'],
      ]);
      expect(builds[1]).toEqual(older);
      break;
    }
    expect((await findBuild(folder, { flavour: 'vm' })).composition).toBe('a');
    await expect(findBuild(folder, { composition: 'a', flavour: 'local' })).rejects.toThrow(
      /there is no build a::local[\s\S]*to do: nxc build -C a::local$/,
    );
    await expect(findBuild(folder, { flavour: 'docker' })).rejects.toThrow(/to do: nxc build -f docker$/);
  });

  it('are named as upstream names them', () => {
    expect(parseBuildName('a::b::vm')).toEqual({ composition: 'a::b', flavour: 'vm' });
    expect(parseBuildName('::vm')).toEqual({ composition: '', flavour: 'vm' });
    expect(() => parseBuildName('vm')).toThrow('cannot read "vm"\nto do: write composition::flavour');
  });
});
