import { setTimeout as sleep } from 'node:timers/promises';
import { NxcError } from '../../errors.js';
import { quote } from '../../process/quote.js';
import { TransportError } from '../../transports/errors.js';
import type { Transport } from '../../transports/transport.js';

const TRIES = 5;
/** Milliseconds. */
const PAUSE = 100;

const linesShown = 5;

const FAILED = 'systemctl list-units --failed --plain --no-legend';

/**
 * One command, since twenty nodes that boot at once fight for the processors. Early in its life systemd cannot be asked yet: then
 * systemctl fails, or says `offline`.
 */
const BOOTED = `type systemctl >/dev/null || exit
until state=$(systemctl is-system-running --wait 2>/dev/null); [[ $state && $state != offline ]]; do sleep 0.02; done
[[ $state == running ]] || ${FAILED}`;

/**
 * Resolves when the node answers and its units were started, with the units that failed. A node whose init is not systemd has
 * booted when it answers.
 */
export async function waitUntilBooted(
  transport: Transport,
  nixos: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const { status, stdout, stderr } = await patiently(() =>
    transport.exec(nixos ? BOOTED : 'true', { signal }),
  );
  if (status !== 0)
    throw new NxcError({
      asked: `node ${transport.node} does not boot`,
      found: stderr.toString().trim() || stdout.toString().trim(),
    });
  return namesOf(stdout.toString());
}

/** While a container begins, its agent may be seen for a moment before it serves: who joined it then is cut off, and joins again. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransportError) || tries === TRIES) throw error;
      await sleep(PAUSE);
    }
  }
}

/** Of a node whose init is systemd. */
export async function failedUnits(transport: Transport, signal?: AbortSignal): Promise<string[]> {
  const { stdout } = await transport.exec(FAILED, { timeoutMs: 5000, ...(signal ? { signal } : {}) });
  return namesOf(stdout.toString());
}

/** Of a unit that failed, for messages; empty where the node has no journal. */
export async function endOfUnitLog(transport: Transport, unit: string): Promise<string[]> {
  const command = `journalctl -q -u ${quote(unit)} -n ${linesShown} -o cat`;
  const { stdout } = await transport.exec(command, { timeoutMs: 5000 });
  return stdout.toString().split('\n').filter(Boolean);
}

const namesOf = (list: string): string[] =>
  list
    .split('\n')
    .map(line => line.split(' ')[0]!)
    .filter(Boolean);
