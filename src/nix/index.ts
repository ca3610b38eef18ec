/**
 * The Nix language, in this process: lexer, parser, lazy evaluator, builtins that need no store, errors that a student can read.
 * It knows nothing of compositions; what a composition needs beyond the language comes in as values.
 */
export { AttrSet, Attrs, VirtualAttrs } from './attrs.js';
export { diagnose } from './diagnose.js';
export { NixError, type NixErrorKind } from './error.js';
export { Evaluator } from './evaluator.js';
export * from './expect.js';
export { Position, Source } from './source.js';
export { parse } from './syntax/parse.js';
export type { Expression } from './syntax/tree.js';
export { NixString } from './text.js';
export { Lambda, type Lazy, NixPath, primop, Thunk, type Value } from './value.js';
