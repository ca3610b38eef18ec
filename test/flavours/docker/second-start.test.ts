import { describe, expect, it, onTestFinished } from 'vitest';
import { nxc } from '../../helpers/executable.js';
import { built, noDocker } from './deployment.js';

describe.skipIf(noDocker)(`a second start with flavour docker${noDocker ? ` (${noDocker})` : ''}`, () => {
  it('uses what runs and boots what is off, and restarts it for other nodes', {
    timeout: 120_000,
  }, async () => {
    const { directory: cwd } = await built({ server: {}, client: {} });
    onTestFinished(async () => void (await nxc(['stop'], { cwd })));
    const start = async (...words: string[]) => {
      const ran = await nxc(['start', ...words], { cwd });
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      return ran.stdout;
    };
    await start('-r', 'client=2');
    await nxc(['fault', 'kill', 'client1'], { cwd });
    const again = await start('-r', 'client=2');
    expect(again).toContain('composition::docker runs already, from the same build, and is used as it is');
    expect(again).toContain('faults of before are undone: booted client1');
    expect(await start()).toContain('is restarted: role client has client1 client2, not client\n');
    expect((await nxc(['exec', '*', '--', 'true'], { cwd })).status).toBe(0);
  });
});
