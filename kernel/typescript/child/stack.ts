import { findSourceMap } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/client.js';
import { Remembered } from '../../remembered.js';
import { placeName } from '../excerpt.js';
import type { CellText } from '../messages.js';
import type { Runnable } from './transform.js';

export interface EvaluatedCell extends CellText {
  runnable: Runnable;
}

const SCHEME = 'nxc-cell:';
const evaluated = new Remembered<EvaluatedCell>();
const byCount = new Remembered<EvaluatedCell>();
let count = 0;
const own = join(packageRoot(), 'dist');
/** How the names of bundles begin that were compiled at build time (rolldown.config.js). */
const COMPILED = 'nxc:';

/** Makes frames of this cell readable; returns the name under which V8 must know its code. */
export function rememberCell(cell: EvaluatedCell): string {
  const url = `${SCHEME}${count++}`;
  evaluated.set(url, cell);
  byCount.set(String(cell.executionCount), cell);
  return url;
}

/** For code whose errors have been told and that nobody wants to see again: it may be large. */
export function forgetCell(url: string): void {
  const cell = evaluated.get(url);
  evaluated.delete(url);
  if (cell && cellNumbered(cell.executionCount) === cell) byCount.delete(String(cell.executionCount));
}

/** The cell that is shown as `In[count]`. */
export function cellNumbered(count: number): EvaluatedCell | undefined {
  return byCount.get(String(count));
}

/** Stacks of errors show the code as its author wrote it, and nobody's frames but the user's and his packages'. */
export function showUserStacks(): void {
  Error.stackTraceLimit = 50;
  process.setSourceMapsEnabled(true);
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map(frame).filter(text => text !== undefined);
    return [headline(error), ...frames.slice(0, 20)].join('\n    at ');
  };
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function frame(site: NodeJS.CallSite): string | undefined {
  const place = placeOf(
    site.getScriptNameOrSourceURL(),
    site.getLineNumber() ?? 0,
    site.getColumnNumber() ?? 0,
  );
  if (!place) return undefined;
  const name = functionName(site);
  return name ? `${name} (${place})` : place;
}

function functionName(site: NodeJS.CallSite): string {
  const name = site.getFunctionName() ?? '';
  const prefix = `${site.isAsync() ? 'async ' : ''}${site.isConstructor() ? 'new ' : ''}`;
  const type = site.isToplevel() || site.isConstructor() || !name ? '' : (site.getTypeName() ?? '');
  const typed = type && type !== 'Object' && !name.startsWith(type) ? `${type}.${name}` : name;
  return typed ? prefix + typed : '';
}

/** Where a position lies for the user, as text; undefined for what is not his. */
export function placeOf(url: string | null | undefined, line: number, column: number): string | undefined {
  if (!url || url.startsWith('node:')) return undefined;
  const cell = evaluated.get(url);
  if (cell) {
    const place = cell.runnable.original({ line, column });
    return place && placeName(cell.executionCount, place, cell.firstLine);
  }
  if (url.startsWith(SCHEME) || url.startsWith(COMPILED)) return undefined;
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  if (file.startsWith(own)) return undefined;
  const entry = findSourceMap(url)?.findEntry(line - 1, column - 1);
  const mapped = entry && 'originalLine' in entry ? entry : undefined;
  const at = mapped ? `${mapped.originalLine + 1}:${mapped.originalColumn + 1}` : `${line}:${column}`;
  const near = relative(process.cwd(), file);
  return `${near.startsWith('..') || dirname(file) === file ? file : `./${near}`}:${at}`;
}
