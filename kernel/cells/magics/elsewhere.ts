import { findProgram } from '../../../src/index.js';

const shell = '%%sh runs a shell on this machine, %%node TARGET runs one on nodes';
const python =
  '%%node TARGET --lang python3 runs Python on nodes, %%nxc driver runs it as test script, and `python3` in %%sh on this machine';
const typescript = 'cells without a magic are TypeScript';

/** What other kernels call what is written in another way here. */
const known: Readonly<Record<string, string>> = {
  bash: shell,
  script: shell,
  system: shell,
  python,
  python2: python,
  python3: python,
  javascript: typescript,
  js: typescript,
  typescript,
  ts: typescript,
  html: 'in TypeScript: display.html(`…`)',
  svg: 'in TypeScript: display.svg(`…`)',
  latex: 'in TypeScript: display.latex(`…`)',
  markdown: 'in TypeScript: display.markdown(`…`)',
  timeit: '%time and %%time tell how long something took',
  pip: 'cells are TypeScript: `%sh npm install NAME`, then `import` it',
  conda: 'cells are TypeScript: `%sh npm install NAME`, then `import` it',
};

/** How to do here what a magic of this name does in other kernels, or a program of this name in a terminal. */
export function elsewhere(name: string, form: '%' | '%%'): string | undefined {
  if (Object.hasOwn(known, name)) return known[name];
  if (findProgram(name) === undefined) return undefined;
  return form === '%'
    ? `%sh ${name} runs that program on this machine`
    : `%%node TARGET --lang ${name} runs the cell with that program of nodes, %%sh runs a shell on this machine`;
}
