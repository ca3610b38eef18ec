import { join } from 'node:path';
import { NxcError } from './errors.js';
import { visible } from './visible.js';

declare const checked: unique symbol;

/**
 * A name that was checked: one segment of a path and one word of a command, whoever gave it. Compositions, records and builds come
 * from anywhere; what they call a thing becomes part of a path or a command as a Name only.
 */
export type Name = string & { readonly [checked]: 'name' };

/** A checked relative path: each of its parts is the name of a file or folder. */
export type InnerPath = string & { readonly [checked]: 'path' };

interface Rule {
  /** With its article, for messages. */
  what: string;
  /** Bytes. */
  longest: number;
  pattern?: RegExp;
  allowed: string;
  /** It may begin with one. */
  hyphen?: boolean;
}

/** What a file system takes for one name. */
const LONGEST = 255;

const rules = {
  /** The ends of the files that are named after it take the rest. */
  composition: { what: 'a composition', longest: 180, allowed: 'letters, digits and _ . -' },
  /** `composition::flavour`, with what files that are named after it end with. */
  build: { what: 'a build', longest: 200, allowed: 'letters, digits and _ . -, and :: before the flavour' },
  role: { what: 'a role', longest: 200, allowed: 'letters, digits and _ . -' },
  /** As NixOS has it (networking.hostName): a label of RFC 1123, in which underscores may stand, too. */
  node: {
    what: 'a node',
    longest: 63,
    pattern: /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/i,
    allowed: 'letters, digits, and hyphens and underscores between them',
  },
  /** As systemd has it (systemd.unit(5)). */
  unit: {
    what: 'a unit',
    longest: LONGEST,
    pattern: /^[\w:.\\@-]+$/,
    allowed: 'letters, digits and : _ . \\ @ -',
  },
  /** A unit that another one names: one of systemd's own may be called `-.mount`, and there are specifiers. */
  dependency: {
    what: 'a unit',
    longest: LONGEST,
    pattern: /^[\w:.\\@%-]+$/,
    allowed: 'letters, digits and : _ . \\ @ -',
    hyphen: true,
  },
  /** NixOS: at most 31 characters; systemd: no number. */
  user: {
    what: 'a user',
    longest: 31,
    pattern: /^(?!\d+$|\s)[^:,]*(?<!\s)$/u,
    allowed: 'letters, digits and _ . -, at most 31, and not digits alone',
  },
  group: {
    what: 'a group',
    longest: LONGEST,
    pattern: /^(?!\d+$|\s)[^:,]*(?<!\s)$/u,
    allowed: 'letters, digits and _ . -, and not digits alone',
  },
  package: {
    what: 'a package',
    longest: 200,
    pattern: /^[\w.+?='-]+$/,
    allowed: 'letters, digits and _ . + -',
  },
} satisfies Record<string, Rule>;

export type NameKind = keyof typeof rules;

/** The text as a name; an error, of this class, says what is wrong with it. */
export function asName(kind: NameKind, text: string, Kind = NxcError): Name {
  const fault = nameFault(kind, text);
  if (fault === undefined) return text as Name;
  const { what, allowed } = rules[kind];
  throw new Kind({
    asked: `${what} cannot be called ${shownName(text)}`,
    found: fault,
    todo: `use ${allowed}`,
  });
}

/** Why a text is no such name; undefined when it is one. */
export function nameFault(kind: NameKind, text: unknown): string | undefined {
  const rule: Rule = rules[kind];
  const fault = segmentFault(text, rule.longest);
  if (fault !== undefined) return fault;
  const name = text as string;
  if (name.startsWith('-') && !rule.hyphen) return 'a program would take it for an option';
  return rule.pattern && !rule.pattern.test(name) ? `it may have ${rule.allowed} only` : undefined;
}

/** The text as a path that leads to something in the folder it is joined to. */
export function asInnerPath(text: string): InnerPath {
  const fault = innerPathFault(text);
  if (fault === undefined) return text as InnerPath;
  throw new NxcError({ asked: `${shownName(text)} is not a path within a folder`, found: fault });
}

/** Why a path does not name something in the folder it is joined to; undefined when it does. */
export function innerPathFault(path: string): string | undefined {
  if (path.startsWith('/')) return 'it is absolute';
  if (path.length > LONGEST * 8) return `it has ${path.length} characters`;
  for (const part of path.split('/')) {
    if (part === '') return 'one of its parts is empty';
    const fault = segmentFault(part, LONGEST);
    if (fault !== undefined) return part === path ? fault : `part ${shownName(part)}: ${fault}`;
  }
  return undefined;
}

/** The path of what lies in a folder under checked names. */
export const within = (folder: string, ...names: ReadonlyArray<Name | InnerPath>): string =>
  join(folder, ...names);

/** A name of somebody else's in a message: on one line, not too long, with nothing in it that is not seen. */
export function shownName(text: unknown): string {
  const whole = typeof text === 'string' ? text : (JSON.stringify(text) ?? 'undefined');
  const short = whole.length > 80 ? `${whole.slice(0, 60)}…` : whole;
  const line = visible(short).replace(/[\n\t]/g, c => (c === '\n' ? '\\n' : '\\t'));
  return typeof text === 'string' ? `"${line}"` : line;
}

/** As in visible.ts; in names, also what joins characters, and ends of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

function segmentFault(text: unknown, longest: number): string | undefined {
  if (typeof text !== 'string') return 'it is not text';
  if (text === '') return 'it is empty';
  if (text === '.' || text === '..') return 'it leads to another folder';
  if (text.includes('/')) return 'it has a slash, as a path does';
  const unseen = text.match(UNSEEN);
  if (unseen) return `it has a character that is not seen: ${shownName(unseen[0])}`;
  const bytes = Buffer.byteLength(text);
  return bytes > longest ? `it has ${bytes} bytes, at most ${longest} are allowed` : undefined;
}
