/** Node's own `import()`. It is in a bundle by itself, as V8 forgets of compiled code (kernel/compiled.ts) how that imports. */
export const importNative = (url: string): Promise<unknown> => import(url);
