/** The light half of the public API: what a child process of the kernel (TypeScript cells) needs. Loads in a few milliseconds. */
export { unlessAborted } from './aborted.js';
export { assetPath, packageRoot, version } from './assets.js';
export { decode, encode } from './codec.js';
export * from './display/bundle.js';
export { escapeHtml } from './display/html.js';
export { jsonOf } from './display/json-of.js';
export { jupyterBundle } from './display/jupyter-bundle.js';
export * from './display/table.js';
export { asVegaLite, vegaLite } from './display/vega-lite.js';
export { installDriverGlobals, type Notifications } from './driver/client.js';
export { checkOptions } from './driver/known-options.js';
export * from './errors.js';
export { endGroups } from './process/end-groups.js';
export * from './process/output-fifos.js';
export * from './rpc.js';
export * from './shared-signal.js';
export { nearest } from './suggest.js';
export * from './workspace.js';
