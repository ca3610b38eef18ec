import { keywords } from './syntax/token.js';

const reserved: ReadonlySet<string> = new Set(keywords.filter(word => word !== 'or'));

/** A string as Nix writes it. */
export function quoted(text: string): string {
  const escaped = text.replace(/["\\\n\r\t]|\$(?=\{)/g, character => {
    const letter = { '\n': 'n', '\r': 'r', '\t': 't' }[character];
    return `\\${letter ?? character}`;
  });
  return `"${escaped}"`;
}

/** The name of an attribute as Nix writes it: in quotes when it is no identifier. */
export function attributeName(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_'-]*$/.test(name) && !reserved.has(name) ? name : quoted(name);
}
