/** Node's own resolution of modules; a file of its own, as it must be an ES module and what imports it is bundled as CommonJS. */
export const resolve = (specifier: string): string => import.meta.resolve(specifier);
