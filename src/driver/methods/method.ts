/** The methods of machines as data, a file a chapter: what a method and its parameters are is said here. */
/** What not every flavour's nodes have (abilities.ts says which have it). */
export type Ability = 'power' | 'network' | 'screen' | 'monitor' | 'console';

export interface Parameter {
  /** The NixOS driver's, in camelCase: scripts give arguments by name. */
  name: string;
  /** `unknown` takes anything. */
  type: 'string' | 'number' | 'boolean' | 'unknown';
  doc: string;
  /** What names in its text completion offers: the text is a unit, or has units among its words, as in a shell. */
  names?: 'unit' | 'units';
  /** Takes the rest of the positional arguments; at least one. */
  variadic?: true;
  /** Given by name: in TypeScript in an object after the positional arguments, in Python as a keyword. */
  option?: true;
  /** Absent means required, for an option "not set". */
  default?: string | number | boolean;
}

export interface Method {
  /** camelCase; Python spells it in snake_case. */
  name: string;
  /** Names of upstream that mean the same, in snake_case. */
  aliases?: readonly string[];
  doc: string;
  /** What the node must have for it; absent: what every node has. */
  needs?: Ability;
  parameters: readonly Parameter[];
  /** TypeScript type of what the promise gives. */
  returns: 'void' | 'string' | 'string[]' | 'boolean' | 'CommandResult' | 'Record<string, string>';
}

export const command = { name: 'command', type: 'string', doc: 'bash, run with set -euo pipefail' } as const;
export const unit = {
  name: 'unit',
  type: 'string',
  doc: 'systemd unit; .service may be left out',
  names: 'unit',
} as const;
export const timeout = {
  name: 'timeout',
  type: 'number',
  option: true,
  default: 900,
  doc: 'seconds',
} as const;
/** Of what takes as long as it takes. */
export const noTimeout = { ...timeout, default: undefined, doc: 'seconds; no limit unless given' } as const;
export const regex = {
  name: 'regex',
  type: 'string',
  doc: 'regular expression, in the words of JavaScript or of Python',
} as const;
