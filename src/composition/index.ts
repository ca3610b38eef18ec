/**
 * What is to be deployed: the project on disk, its composition evaluated for `local`, roles and their nodes,
 * and the build documents of every flavour. Knows nothing of how a node runs.
 */
export * from './build-link.js';
export * from './compose-info.js';
export * from './distribution.js';
export * from './distribution-file.js';
export * from './errors.js';
export * from './project.js';
export * from './setup.js';
export * from './store.js';
