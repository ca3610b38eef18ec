import * as faults from '../../faults/index.js';
import type { NodeStatus } from '../../flavours/flavour.js';
import type { Machine, Timeout } from '../machine.js';

export const power = {
  start(machine: Machine): Promise<void> {
    return faults.start(machine.deployment, [machine.name], machine.signal);
  },

  shutdown(machine: Machine): Promise<void> {
    return faults.shutdown(machine.deployment, machine.name, machine.signal);
  },

  crash(machine: Machine): Promise<void> {
    return faults.crash(machine.deployment, machine.name);
  },

  async reboot(machine: Machine): Promise<void> {
    await power.shutdown(machine);
    await power.start(machine);
  },

  async waitForShutdown(machine: Machine, options: Timeout = {}): Promise<void> {
    const off = await machine.pollFor(options, async () => isOff(await statusOf(machine)) || undefined);
    if (!off) throw machine.ranOut('it is off', options);
  },

  async isUp(machine: Machine): Promise<boolean> {
    return !isOff(await statusOf(machine));
  },

  async connect(machine: Machine, options: Timeout = {}): Promise<void> {
    const up = await machine.pollFor(options, async timeoutMs => {
      if (isOff(await statusOf(machine))) return undefined;
      return (await machine.run('true', { timeoutMs })).status === 0 || undefined;
    });
    if (!up) throw machine.ranOut('it answers', options);
  },

  async release(): Promise<void> {},

  block(machine: Machine): Promise<void> {
    return faults.block(machine.deployment, machine.name, machine.signal);
  },

  unblock(machine: Machine): Promise<void> {
    return faults.unblock(machine.deployment, machine.name, machine.signal);
  },
};

const isOff = (status: NodeStatus | undefined): boolean =>
  status === undefined || status.state === 'off' || status.state === 'gone';

async function statusOf({ deployment, name }: Machine): Promise<NodeStatus | undefined> {
  return (await deployment.status()).find(status => status.name === name);
}
