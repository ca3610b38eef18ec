import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CellOutput, MimeData } from '../../kernel/session/interpreter.js';
import { createTypeScript, type Outcome, type TypeScriptOptions } from '../../kernel/typescript/index.js';
import { packageRoot } from '../../src/index.js';

/** What one cell of a test put out, and how it ended. */
export interface Shown {
  stdout: string;
  stderr: string;
  displays: Array<{ data: MimeData; displayId?: string; update?: boolean }>;
  clears: boolean[];
  outcome: Outcome;
  /** The value's text; the error's name and message when it failed. */
  text: string | undefined;
}

const preload = join(packageRoot(), 'dist/kernel/cells/preload.cjs');

/** A notebook without a protocol: cells run in a real evaluator child in a folder of their own. */
export function notebook(options: Partial<TypeScriptOptions> & { answer?: string } = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nxc-typescript-')));
  const typescript = createTypeScript({
    cwd: folder,
    env: process.env,
    rpc: async () => null,
    preload,
    ...options,
  });
  onTestFinished(async () => {
    await typescript.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let count = 0;
  const cells: Shown[] = [];

  function start(code: string, { firstLine = 0 } = {}) {
    const executionCount = ++count;
    const shown: Shown = {
      stdout: '',
      stderr: '',
      displays: [],
      clears: [],
      outcome: { ok: true, value: undefined },
      text: undefined,
    };
    cells.push(shown);
    const output: CellOutput = {
      stream: (name, text) => {
        shown[name] += text;
      },
      display: (data, { displayId, update } = {}) => {
        shown.displays.push({
          data,
          ...(displayId === undefined ? {} : { displayId }),
          ...(update ? { update } : {}),
        });
      },
      result: () => {},
      clear: wait => void shown.clears.push(wait),
      input: async (prompt, { password } = {}) => {
        if (options.answer === undefined) throw new Error('the front-end allows no stdin');
        return `${options.answer} to ${password ? 'secret ' : ''}${prompt}`;
      },
    };
    const controller = new AbortController();
    const { signal } = controller;
    const done = typescript
      .run({ cellId: `cell-${executionCount}`, executionCount, code, firstLine, output, signal })
      .then(outcome => {
        shown.outcome = outcome;
        shown.text = outcome.ok
          ? outcome.value?.['text/plain']
          : `${outcome.error.ename}: ${outcome.error.evalue}`;
        return shown;
      });
    return { done, shown, interrupt: () => controller.abort() };
  }

  return {
    typescript,
    folder,
    cells,
    start,
    run: (code: string, at?: { firstLine?: number }) => start(code, at).done,
  };
}

/** The traceback of a cell that failed, without colours. */
export function traceback({ outcome }: Shown): string {
  if (outcome.ok) throw new Error('the cell succeeded');
  return outcome.error.traceback.join('\n').replace(/\x1b\[[\d;]*m/g, '');
}
