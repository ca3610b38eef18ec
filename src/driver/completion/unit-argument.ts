import { identifier } from '../../composition/identifier.js';
import type { Node } from '../../composition/types.js';
import { type Method, machineMethods, type Parameter } from '../methods.js';
import { snakeCase } from '../naming.js';
import type { TextArgument } from './argument.js';
import { nodesWithUnits, type Where } from './units.js';

export interface UnitCompletion {
  /** What stands before the cursor and is replaced by a match. */
  word: string;
  matches: Array<{ text: string; type: 'unit' }>;
}

/** The units that an argument may go on to name; undefined where it names none. */
export async function completeUnit(
  where: Where,
  argument: TextArgument,
): Promise<UnitCompletion | undefined> {
  const names = parameterOf(argument)?.names;
  if (names === undefined) return undefined;
  const word = names === 'unit' ? argument.text : /[^\s'"]*$/.exec(argument.text)![0];
  // The first word is what systemctl is to do.
  if (names === 'units' && argument.text.trimStart() === word) return { word, matches: [] };
  const there = await nodesWithUnits(where);
  if (!there) return { word, matches: [] };
  const units = await Promise.all(meantNodes(argument, there.nodes).map(node => there.units(node)));
  const matches = [...new Set(units.flat())]
    // Names of devices have backslashes, which are two in a string.
    .map(unit => unit.replaceAll('\\', '\\\\'))
    .filter(unit => unit.startsWith(word))
    .sort();
  return { word, matches: matches.map(text => ({ text, type: 'unit' })) };
}

/** By either language's names. */
function parameterOf({ method, argument }: TextArgument): Parameter | undefined {
  const found = machineMethods.find(
    (one: Method) => one.name === method || snakeCase(one.name) === method || one.aliases?.includes(method),
  );
  const parameters: readonly Parameter[] = found?.parameters ?? [];
  if (typeof argument === 'number') return parameters[argument];
  return parameters.find(({ name }) => name === argument || snakeCase(name) === argument);
}

/** `machines.server`, `nodes[0]`, `machines['client-1']` */
const OF_ALL = /^(?:nodes|machines)\s*(?:\[\s*(?:(\d+)|["'`]([^"'`]+)["'`])\s*\]|\.\s*([\w$]+))$/;

/** The nodes that the receiver of a call is written as; where that cannot be read from it, all of them. */
function meantNodes({ receiver }: TextArgument, nodes: readonly Node[]): readonly Node[] {
  const one = nodes.find(({ name }) => identifier(name) === receiver);
  if (one) return [one];
  const [, index, key, member] = OF_ALL.exec(receiver) ?? [];
  const chosen = nodes.filter(({ name }, i) => name === (key ?? member) || String(i) === index);
  if (chosen.length > 0) return chosen;
  const role = /\bby_?role\s*\(\s*["'`]([^"'`]+)["'`]\s*\)/i.exec(receiver)?.[1];
  const ofRole = nodes.filter(node => node.role === role);
  return ofRole.length > 0 ? ofRole : nodes;
}
