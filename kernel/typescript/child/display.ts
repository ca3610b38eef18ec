import {
  checkOptions,
  jsonOf,
  type Row,
  rowsOf,
  type TableOptions,
  tableOf,
  vegaLite,
} from '../../../src/client.js';
import type { JsonObject } from '../../session/interpreter.js';
import { currentCell } from './cell-context.js';
import { send } from './channel.js';
import { noteOnce } from './notes.js';
import { isBundle, represent, withText } from './represent.js';

export interface DisplayOptions {
  /** Names what is shown, so that `update` can replace it. */
  id?: string;
  metadata?: JsonObject;
}

/** What `display` returns: replaces in place what was shown. */
export interface Handle {
  readonly id: string;
  update(value: unknown): Promise<void>;
}

let shown = 0;
const handles = new WeakSet<object>();

/** As a cell's value a handle is nothing to show: what it stands for is shown already. */
export function isHandle(value: unknown): boolean {
  return handles.has(Object(value));
}

/** Shows a value, or a MIME bundle, in the calling cell. */
async function show(
  value: unknown,
  { id = `nxc-${process.pid}-${++shown}`, metadata }: DisplayOptions = {},
): Promise<Handle> {
  await put(value, { id: String(id), ...(metadata ? { metadata } : {}) }, false);
  const handle: Handle = { id, update: next => put(next, { id }, true) };
  handles.add(handle);
  return handle;
}

async function put(value: unknown, { id, metadata }: DisplayOptions, update: boolean): Promise<void> {
  const cellId = currentCell()?.cellId;
  const data = isBundle(value)
    ? withText(value)
    : ((await represent(value)) ?? { 'text/plain': 'undefined' });
  send({
    type: 'display',
    ...(cellId === undefined ? {} : { cellId }),
    data,
    ...(metadata ? { metadata: metadataOf(metadata) } : {}),
    ...(id === undefined ? {} : { displayId: id }),
    update,
  });
}

function metadataOf(metadata: JsonObject): JsonObject {
  const { json, notes } = jsonOf(metadata);
  for (const note of notes) noteOnce(`metadata: ${note}`);
  return json as JsonObject;
}

/** Shows data of one media type. */
function as(type: string) {
  return (data: unknown, options?: DisplayOptions) => show({ [type]: data }, options);
}

export const display = Object.assign(show, {
  html: as('text/html'),
  markdown: as('text/markdown'),
  latex: as('text/latex'),
  json: as('application/json'),
  svg: as('image/svg+xml'),
  png: as('image/png'),
  jpeg: as('image/jpeg'),
  javascript: as('application/javascript'),
  vegalite: as(vegaLite),
});

/** Replaces what was shown under this id, in whichever cell it is. */
export function update(id: string, value: unknown): Promise<void> {
  return put(value, { id: String(id) }, true);
}

/** Empties the calling cell's output; with `wait` only when the next output comes. */
export function clearOutput(options: { wait?: boolean } = {}): void {
  checkOptions('clearOutput', options, ['wait']);
  const { wait = false } = options;
  const cellId = currentCell()?.cellId;
  send({ type: 'clear', ...(cellId === undefined ? {} : { cellId }), wait });
}

/** Shows rows as a table. */
export async function table(rows: Iterable<Row>, options: TableOptions = {}): Promise<void> {
  const given = rowsOf('table', rows);
  checkOptions('table', options, ['columns', 'title', 'limit']);
  await show(tableOf(given, { ...options, asSuch: true }));
}
