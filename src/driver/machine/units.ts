import { quote } from '../../process/quote.js';
import { nearestUnits, unitName } from '../../unit-name.js';
import { AssertionFailed } from '../errors.js';
import { defaultTimeout, type Machine, type Timeout } from '../machine.js';
import { asTuple, type TupleResult } from '../result.js';
import { isInactiveForGood, parseUnitInfo, parseUnitNames, systemctlCommand } from '../units.js';

interface OfUser {
  user?: string;
}

const logLines = 10;
const shownUnits = 20;

export const units = {
  async waitForUnit(machine: Machine, unit: string, options: Timeout & OfUser = {}): Promise<void> {
    const name = unitName(unit);
    let state = 'unknown';
    const active = await machine.pollFor(options, async () => {
      const info = await units.getUnitInfo(machine, name, options);
      state = info.ActiveState ?? 'unknown';
      if (state === 'active') return true;
      if (info.LoadState === 'not-found') throw await noUnit(machine, name, options);
      if (state === 'failed') throw await unitFailed(machine, name, info);
      if (state === 'inactive' && (await isIdle(machine, name, options))) {
        throw await unitFailed(machine, name, info, 'is inactive and nothing is about to start it');
      }
      return undefined;
    });
    if (!active) throw machine.ranOut(`unit ${name} is active`, options, `its state is ${state}`);
  },

  async getUnitInfo(machine: Machine, unit: string, options: OfUser = {}): Promise<Record<string, string>> {
    const result = await units.systemctl(machine, `--no-pager show ${quote(unitName(unit))}`, options);
    if (result.status === 0) return parseUnitInfo(result.stdout);
    throw machine.failed(`unit ${unitName(unit)} cannot be asked about on ${machine.name}`, result);
  },

  async getUnitProperty(
    machine: Machine,
    unit: string,
    property: string,
    options: OfUser = {},
  ): Promise<string> {
    const info = await units.getUnitInfo(machine, unit, options);
    const value = info[property];
    if (value !== undefined) return value;
    throw machine.failed(`unit ${unitName(unit)} has no property ${property} on ${machine.name}`);
  },

  async requireUnitState(machine: Machine, unit: string, state = 'active'): Promise<void> {
    const info = await units.getUnitInfo(machine, unit);
    if (info.ActiveState === state) return;
    throw machine.failed(
      `unit ${unitName(unit)} should be ${state} on ${machine.name}, and is ${info.ActiveState}`,
    );
  },

  async systemctl(machine: Machine, query: string, { user }: OfUser = {}): Promise<TupleResult> {
    const options = { timeoutMs: defaultTimeout * 1000, ...(user ? { user } : {}) };
    return asTuple(await machine.run(systemctlCommand(query, user), options));
  },

  startJob(machine: Machine, job: string, options: OfUser = {}): Promise<TupleResult> {
    return units.systemctl(machine, `start ${quote(unitName(job))}`, options);
  },

  stopJob(machine: Machine, job: string, options: OfUser = {}): Promise<TupleResult> {
    return units.systemctl(machine, `stop ${quote(unitName(job))}`, options);
  },

  waitForJob(machine: Machine, job: string, options: Timeout = {}): Promise<void> {
    return units.waitForUnit(machine, job, options);
  },
};

/** With the units that there are, those first that may have been meant. */
async function noUnit(machine: Machine, unit: string, options: OfUser): Promise<AssertionFailed> {
  const { stdout } = await units.systemctl(machine, 'list-unit-files --no-legend --no-pager', options);
  const known = parseUnitNames(stdout);
  const some = known.length > shownUnits ? [...known.slice(0, shownUnits), '…'] : known;
  return new AssertionFailed(`there is no unit ${unit} on ${machine.name}`, undefined, {
    nearest: nearestUnits(unit, known),
    todo: known.length > 0 ? `name one of its units: ${some.join(', ')}` : 'it has no units',
  });
}

/** Inactive, no job queued, and still inactive after that was seen. */
async function isIdle(machine: Machine, unit: string, options: OfUser): Promise<boolean> {
  const jobs = await units.systemctl(machine, 'list-jobs --full 2>&1', options);
  if (!isInactiveForGood(jobs.stdout)) return false;
  return (await units.getUnitInfo(machine, unit, options)).ActiveState === 'inactive';
}

async function unitFailed(
  machine: Machine,
  unit: string,
  info: Record<string, string>,
  what?: string,
): Promise<AssertionFailed> {
  const how =
    what ?? `failed (${info.Result ?? 'no reason given'}, exit status ${info.ExecMainStatus ?? '?'})`;
  const lines = await lastLines(machine, unit).catch(() => []);
  const log =
    lines.length > 0 ? `\nlast lines of its log:\n${lines.map(line => `  ${line}`).join('\n')}` : '';
  return machine.failed(`unit ${unit} ${how} on ${machine.name}${log}`);
}

async function lastLines({ deployment, name, signal }: Machine, unit: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of deployment.logs(name, { unit, lines: logLines, signal })) lines.push(text);
  return lines.slice(-logLines);
}
