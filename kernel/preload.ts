/** What gives the process of TypeScript cells its machines and the like, from the package's root (kernel/cells/preload.ts). */
export const PRELOAD = 'dist/kernel/cells/preload.cjs';
