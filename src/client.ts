/** The light half of the public API: what a child process of the kernel (TypeScript cells) needs. Loads in a few milliseconds. */
export { packageRoot, version } from './assets.js';
export type * from './display/bundle.js';
export * from './rpc.js';
