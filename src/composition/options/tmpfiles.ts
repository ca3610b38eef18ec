import { shownName } from '../../name.js';
import { quote } from '../../process/quote.js';
import { CompositionError } from '../errors.js';
import { str } from '../modules/scalar-types.js';
import type { OptionType } from '../modules/type.js';
import { splitWords } from '../systemd/words.js';
import { atPosition } from './at-position.js';

/** A line of systemd.tmpfiles.rules: read while the definition's place is still known. */
export const tmpfileRule: OptionType = {
  ...str,
  merge: (place, definitions, modules) => {
    const rule = str.merge(place, definitions, modules);
    atPosition(definitions[0]?.position, () => tmpfileCommand(String(rule)));
    return rule;
  },
};

/** A line of systemd.tmpfiles.rules (tmpfiles.d(5)) as shell text. */
export function tmpfileCommand(rule: string): string {
  const words = splitWords(rule, 'systemd.tmpfiles.rules');
  const [type = '', path = '', mode = '-', user = '-', group = '-'] = words.map(({ text }) => text);
  if (!path.startsWith('/') || /\p{Cc}/u.test(path)) {
    throw new CompositionError({
      asked: `systemd.tmpfiles.rules cannot have the path ${shownName(path)}`,
      found: path.startsWith('/') ? 'it has a character that is not seen' : 'it is not absolute',
    });
  }
  const rest = rule.match(/^\s*(?:\S+\s+){6}(.*)$/)?.[1] ?? '';
  const argument = rest === '-' ? '' : rest;
  const where = quote(path);
  // Escapes of C are read, as there is no other way to write more than a line.
  const text = `printf ${argument.includes('\\') ? '%b' : '%s'} ${quote(argument)}`;
  const owner = ownerOf(user, group);
  const own = owner && `chown ${owner} ${where}`;
  const rights = mode === '-' ? '' : `chmod ${quote(mode.replace(/^[~:]+/, ''))} ${where}`;
  const lines = (...commands: string[]): string => commands.filter(Boolean).join(' && ');
  switch (type.replace(/[!\-=~^$]/g, '')) {
    case 'd':
    case 'D':
    case 'v':
    case 'q':
    case 'Q':
      return lines(`mkdir -p ${where}`, rights || `chmod 0755 ${where}`, own);
    case 'f':
      return lines(`{ [ -e ${where} ] || ${text} > ${where}; }`, rights, own);
    case 'f+':
    case 'F':
      return lines(`${text} > ${where}`, rights, own);
    case 'w':
      return `[ ! -e ${where} ] || { ${lines(`${text} > ${where}`, rights, own)}; }`;
    case 'w+':
      return `[ ! -e ${where} ] || { ${lines(`${text} >> ${where}`, rights, own)}; }`;
    case 'L':
      return `[ -e ${where} ] || ln -s ${quote(argument)} ${where}`;
    case 'L+':
      return `ln -sfn ${quote(argument)} ${where}`;
    case 'p':
      return lines(`{ [ -e ${where} ] || mkfifo ${where}; }`, rights, own);
    case 'z':
    case 'Z':
    case 'e':
      return lines(rights || 'true', own);
    case 'r':
      return `rm -f ${where}`;
    case 'R':
      return `rm -rf ${where}`;
    case 'x':
    case 'X':
      return '';
    default:
      throw new CompositionError({
        asked: `the flavour local does not know the type "${type}" in systemd.tmpfiles.rules`,
        found: rule,
        todo: 'use d, f, L, w or z, or nxc.postBootCommands',
      });
  }
}

function ownerOf(user: string, group: string): string {
  const named = (name: string): string => (name === '-' ? '' : name.replace(/^:/, ''));
  const owner = named(group) ? `${named(user)}:${named(group)}` : named(user);
  return owner && quote(owner);
}
