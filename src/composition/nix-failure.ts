import { NixFailed } from '../nix-cli/errors.js';
import { derivationName, type NixProgress } from '../nix-cli/progress.js';
import type { NixTarget } from './nix-target.js';

/** What Nix said of a build that failed, as an error that a person can act on. */
export function explainFailure(
  { attribute }: NixTarget,
  { errors, text, activities }: NixProgress,
): NixFailed {
  const messages = errors.map(error => error.text.replace(/^error: /, ''));
  for (const message of messages) {
    const derivation = message.match(/'(\/nix\/store\/[^']*\.drv)'/)?.[1];
    const log = derivation && activities.logOf(derivation);
    if (!log) continue;
    return new NixFailed({
      asked: `${attribute} cannot be built: ${derivationName(derivation)} failed`,
      found: [message.split('\n')[0], ...log.map(line => `  │ ${line}`)].join('\n'),
      todo: `nix log ${derivation}`,
    });
  }
  return new NixFailed({
    asked: `${attribute} cannot be built`,
    found: messages.join('\n') || text.join('\n') || 'Nix said nothing',
  });
}
