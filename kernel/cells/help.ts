import { NxcError, nearest } from '../../src/index.js';
import { blankOptionLines } from '../option-lines.js';
import type { MimeData } from '../session/interpreter.js';
import { bodyPlace } from './body-place.js';
import { innerCell } from './inner-cell.js';
import type { Magic } from './magic.js';
import { findMagic, isMagic, nearMagics } from './magics/registry.js';
import type { Notebook } from './notebook.js';
import { blankMagics, magicLineAt } from './split.js';
import { plainWord, splitWords } from './words.js';

/** What a cell of the form `name?` or `?name` asks about. */
export function helpRequest(code: string): string | undefined {
  const text = code.trim();
  if (text.includes('\n') || !/^\?|\?$/.test(text)) return undefined;
  const asked = text.replace(/^\?+|\?+$/g, '').trim();
  return /^(%{1,2}[\w-]+( [\w-]+)*|[\w$.]+)$/.test(asked) ? asked : undefined;
}

/**
 * Explains the magic, verb, node or TypeScript name at the cursor; undefined when nothing is known. With `until` it waits, unless
 * the signal comes, until types are known.
 */
export async function explain(
  notebook: Notebook,
  written: string,
  cursor: number,
  detail: 0 | 1,
  until?: AbortSignal,
): Promise<MimeData | undefined> {
  const code = blankOptionLines(written);
  const inner = await innerCell(code, cursor);
  if (inner !== undefined) return explain(notebook, inner, cursor, detail, until);
  const line = magicLineAt(code, cursor, isMagic);
  if (!line) {
    const body = await bodyPlace(notebook, code, cursor);
    if (!body)
      return (await notebook.typescript()).inspect(blankMagics(code, isMagic), cursor, detail, until);
    const known = await body.magic?.inspectBody?.(body.place);
    return known === undefined ? undefined : { 'text/plain': known };
  }
  const magic = await findMagic(line.name);
  if (!magic) return undefined;
  const words = splitWords(line.text, { lenient: true });
  const at = words.find(word => word.start <= line.cursor && line.cursor <= word.end);
  const node = at && (await explainNode(notebook, plainWord(at)));
  if (node) return { 'text/plain': node };
  const help = await magic.help?.(words.map(plainWord));
  return { 'text/plain': help ?? usage(magic) };
}

/** For a name that nothing is known about. */
export async function unknownName(asked: string, { manager, workspace }: Notebook): Promise<NxcError> {
  const near = asked.startsWith('%')
    ? await nearMagics(/[\w-]+/.exec(asked)![0], asked.startsWith('%%') ? '%%' : '%')
    : nearest(asked, (await manager.current(workspace.cwd))?.nodes.map(({ name }) => name) ?? []);
  return new NxcError({ asked: `nothing is known about ${asked}`, nearest: near });
}

function usage({ summary, usage }: Magic): string {
  return [summary, '', ...usage.map(line => `  ${line}`)].join('\n');
}

async function explainNode(notebook: Notebook, name: string): Promise<string | undefined> {
  const deployment = await notebook.manager.current(notebook.workspace.cwd);
  if (!deployment?.nodes.some(node => node.name === name)) return undefined;
  try {
    const { role, address, state, detail } = (await deployment.status()).find(node => node.name === name)!;
    return [
      `node ${name}`,
      `  role     ${role}`,
      `  address  ${address ?? ''}`,
      `  state    ${[state, detail].filter(Boolean).join(', ')}`,
    ].join('\n');
  } catch (error) {
    if (error instanceof NxcError) return undefined;
    throw error;
  }
}
