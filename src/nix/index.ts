/**
 * The Nix language, in this process: lexer, parser, lazy evaluator, builtins that need no store, errors that a student can read.
 * It knows nothing of compositions; what a composition needs beyond the language comes in as values.
 */
export { AttrSet, Attrs, type Resolver, update, VirtualAttrs } from './attrs.js';
export { isDerivation } from './compare.js';
export { describe, typeOf } from './describe.js';
export { type Diagnostic, diagnose } from './diagnose.js';
export { type Frame, NixError, type NixErrorKind } from './error.js';
export { Evaluator, type EvaluatorOptions, type SourceOptions, type Variables } from './evaluator.js';
export * from './expect.js';
export type { Budget } from './machine.js';
export { Position, Source } from './source.js';
export type { Store } from './store.js';
export { parse } from './syntax/parse.js';
export type { Expression } from './syntax/tree.js';
export { type Context, contextOf, NixString, type Text, withContext } from './text.js';
export {
  Lambda,
  type Lazy,
  NixPath,
  Primop,
  type PrimopFunction,
  primop,
  Thunk,
  type Value,
} from './value.js';
