import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fourNodes, hostDeployment, serve } from './harness.js';

const { globals } = serve(hostDeployment(fourNodes));
const interval = 0.01;

describe('a polling condition', () => {
  it('that holds lets the work finish and gives its value', async () => {
    const condition = globals.pollingCondition(() => globals.server.succeed('true'), { interval });
    await condition.wait(10);
    expect(await condition.during(() => 42)).toBe(42);
  });

  it('that breaks ends the work at once and says why', async () => {
    let broken = false;
    const condition = globals.pollingCondition(() => globals.server.succeed(broken ? 'exit 3' : 'true'), {
      interval,
      description: 'the server answers',
    });
    const during = condition.during(async () => {
      broken = true;
      await new Promise(() => {});
    });
    await expect(during).rejects.toMatchObject({
      name: 'AssertionFailed',
      message: expect.stringMatching(/the server answers does not hold: command failed on server/),
    });
  });

  it('is checked before and after the work', async () => {
    let holds = false;
    const condition = globals.pollingCondition(() => holds);
    await expect(condition.during(() => 1)).rejects.toThrow('it gave false');
    holds = true;
    const breaking = condition.during(async () => {
      await sleep(1);
      holds = false;
    });
    await expect(breaking).rejects.toThrow('does not hold');
  });

  it('that never holds runs out of time', async () => {
    await expect(globals.pollingCondition(() => false, { interval }).wait(0.05)).rejects.toThrow(
      'waited 50 ms',
    );
  });
});
