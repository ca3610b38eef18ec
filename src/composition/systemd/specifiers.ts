import { CompositionError } from '../errors.js';

/** A piece of a word: text that is known now, or a variable of the node's environment. */
export type Segment = string | { variable: string };

/** What specifiers stand for. */
export interface UnitIdentity {
  /** `web.service`, `worker@3.service`. */
  name: string;
  user?: string;
  group?: string;
}

/** Bash sets it to the node's own name, so it is right on every node of a role. */
const HOSTNAME = { variable: 'HOSTNAME' };

/** Replaces % specifiers (systemd.unit(5), "Specifiers") that make sense without systemd. */
export function expandSpecifiers(text: string, unit: UnitIdentity, what: string): Segment[] {
  return text
    .split(/(%.?)/s)
    .filter(piece => piece !== '')
    .map(piece => (piece.startsWith('%') ? meaningOf(piece[1], unit, what) : piece));
}

function meaningOf(letter: string | undefined, unit: UnitIdentity, what: string): Segment {
  const base = unit.name.replace(/\.[^.]*$/, '');
  const [prefix = '', instance = ''] = base.split(/@(.*)/s);
  const user = unit.user ?? 'root';
  switch (letter) {
    case '%':
      return '%';
    case 'n':
      return unit.name;
    case 'N':
      return base;
    case 'p':
      return prefix;
    case 'P':
      return unescapeName(prefix);
    case 'i':
      return instance;
    case 'I':
      return unescapeName(instance);
    case 'H':
    case 'l':
      return HOSTNAME;
    case 'u':
      return user;
    case 'g':
      return unit.group ?? user;
    case 'h':
      return user === 'root' ? '/root' : { variable: 'HOME' };
    case 's':
      return { variable: 'SHELL' };
    case 't':
      return '/run';
    case 'S':
      return '/var/lib';
    case 'C':
      return '/var/cache';
    case 'L':
      return '/var/log';
    case 'E':
      return '/etc';
    case 'T':
      return '/tmp';
    case 'V':
      return '/var/tmp';
    default:
      throw new CompositionError({
        asked: `${what} uses the specifier %${letter ?? ''}, which the flavour local does not have`,
        todo: 'write %% for a percent sign',
      });
  }
}

/** The reverse of systemd-escape: `-` is `/`, \xHH a byte. Bytes that are no text stay as they are written. */
function unescapeName(name: string): string {
  return name.replace(/-/g, '/').replace(/(?:\\x[0-9a-f]{2})+/gi, escaped => {
    const text = Buffer.from(escaped.replace(/\\x/gi, ''), 'hex').toString();
    return text.includes('\ufffd') ? escaped : text;
  });
}
