import { SetupError } from './errors.js';

const WORD = /(?:[^\s"']|"[^"]*"|'[^']*')+/g;

/** Options for Nix as people write them in one text (`--nix-flags`, `nix-flags` of setup.toml), as words. */
export function nixFlags(text: unknown): string[] {
  if (text === undefined) return [];
  if (typeof text !== 'string') {
    throw new SetupError({ asked: 'nix-flags is not a text', found: JSON.stringify(text) });
  }
  if (text.replace(WORD, '').trim() !== '') {
    throw new SetupError({
      asked: `cannot read the flags for Nix: ${text}`,
      found: 'a quote that is not closed',
    });
  }
  return (text.match(WORD) ?? []).map(word => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}
