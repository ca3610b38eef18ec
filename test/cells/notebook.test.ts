import { expect, it, onTestFinished } from 'vitest';
import { Notebook } from '../../kernel/cells/notebook.js';
import { metricsOf } from '../../src/index.js';
import { temporaryFolder } from '../helpers/temporary.js';

it('a silent cell, which is a front-end’s own business, is no part of what is measured', async () => {
  const notebook = new Notebook({ cwd: await temporaryFolder(), env: {}, keeper: 'test', isRun: false });
  onTestFinished(() => notebook.close({ stopDeployments: true }));
  const output = { stream() {}, display() {}, result() {}, clear() {}, input: async () => '' };
  const cell = { code: '', output, signal: new AbortController().signal };
  notebook.open({ ...cell, id: 'a', executionCount: 1, silent: false });
  notebook.open({ ...cell, id: 'b', executionCount: 2, silent: true });
  expect(metricsOf(notebook.manager).spans.labels()).toEqual(['In[1]']);
});
