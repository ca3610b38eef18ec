import { expect, it } from 'vitest';
import { readBuild } from '../../src/composition/compose-info.js';
import { newRecord } from '../../src/deployment/new-record.js';
import { deploymentFacts } from '../../src/deployment/provenance.js';
import { thisProcess } from '../../src/deployment/starter.js';
import { build } from '../composition/build.js';

it('a deployment tells the variant and every parameter of setup.toml that its build was made with', async () => {
  const setup = '[params]\nclients = 2\nname = "base"\n[dev.params]\nclients = 5\n';
  const files = { 'composition.nix': '{ ... }: { roles.foo = { }; }', 'setup.toml': setup };
  const { folder, link } = await build(files, { setup: 'dev', setupParams: { name: 'mine' } });
  const record = newRecord(
    await readBuild(link),
    { directory: folder },
    [{ name: 'foo', role: 'foo' }],
    'keeper',
    thisProcess(),
  );
  expect((await deploymentFacts(record)).setup).toEqual({
    variant: 'dev',
    params: { clients: 5, name: 'mine' },
  });
});
