/** Loaded by the process of TypeScript cells: gives it machines, `nodes`, `subtest`, `plot` and the like. */
export { installDriverGlobals as default } from '../../src/client.js';
