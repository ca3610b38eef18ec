import { NxcError } from '../../errors.js';
import type { Transport } from '../../transports/transport.js';

/**
 * Resolves when the node answers and its units were started, with the units that failed. A node whose init is not systemd has
 * booted when it answers.
 */
export async function waitUntilBooted(
  transport: Transport,
  nixos: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const { status, stdout, stderr } = await transport.exec(
    nixos ? 'systemctl is-system-running --wait >/dev/null; true' : 'true',
    { signal },
  );
  if (status !== 0)
    throw new NxcError({
      asked: `node ${transport.node} does not boot`,
      found: stderr.toString().trim() || stdout.toString().trim(),
    });
  return nixos ? failedUnits(transport, signal) : [];
}

/** Of a node whose init is systemd. */
export async function failedUnits(transport: Transport, signal?: AbortSignal): Promise<string[]> {
  const { stdout } = await transport.exec('systemctl list-units --failed --plain --no-legend', {
    timeoutMs: 5000,
    ...(signal ? { signal } : {}),
  });
  return stdout
    .toString()
    .split('\n')
    .map(line => line.split(' ')[0]!)
    .filter(Boolean);
}
