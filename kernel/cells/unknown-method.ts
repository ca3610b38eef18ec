import { machineMethods, nearest } from '../../src/index.js';
import type { CellError } from '../session/interpreter.js';

/** What lists of machines have beside the methods of machines. */
const OF_LISTS = ['names', 'byRole', 'filter', 'atMost', 'map'];
/** Shorter names are near to too many. */
const SHORTEST = 4;

/** A method that is not there may nearly be one of machines, or have its name in Python: the error says so. */
export function explainUnknownMethod(error: CellError): CellError {
  const [, name = ''] = /\.([A-Za-z_$][\w$]*) is not a function$/.exec(error.evalue) ?? [];
  if (error.ename !== 'TypeError' || name.length < SHORTEST) return error;
  const camel = name.replace(/_+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const near = nearest(camel, [...machineMethods.map(method => method.name), ...OF_LISTS]);
  if (near.length === 0) return error;
  const hint = `did you mean ${near[0] === camel ? camel : near.join(', ')}?`;
  return { ...error, evalue: `${error.evalue}\n${hint}`, traceback: [...error.traceback, hint] };
}
