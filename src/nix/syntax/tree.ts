import type { Position } from '../source.js';

/** The syntax tree. Every node knows its place. */
export type Expression =
  | { type: 'int'; value: bigint; position: Position }
  | { type: 'float'; value: number; position: Position }
  | StringNode
  | PathNode
  | { type: 'search-path'; name: string; position: Position }
  | Variable
  | Select
  | { type: 'has'; subject: Expression; path: AttributeName[]; position: Position }
  | Call
  | LambdaNode
  | { type: 'let'; bindings: Bindings; body: Expression; position: Position }
  | SetNode
  | { type: 'list'; items: Expression[]; position: Position }
  | { type: 'with'; scope: Expression; body: Expression; position: Position }
  | { type: 'if'; condition: Expression; then: Expression; else: Expression; position: Position }
  | { type: 'assert'; condition: Expression; body: Expression; position: Position }
  | Binary
  | { type: 'unary'; operator: '!' | '-'; operand: Expression; position: Position };

export type Part = string | Expression;

export interface StringNode {
  type: 'string';
  /** Literal text and interpolations in order; neighbouring texts are joined. */
  parts: Part[];
  position: Position;
}

export interface PathNode {
  type: 'path';
  /** Begins with text: `/`, `~/`, `./…` or `name/…`. */
  parts: Part[];
  position: Position;
}

export interface Variable {
  type: 'variable';
  name: string;
  position: Position;
}

export interface Select {
  type: 'select';
  subject: Expression;
  path: AttributeName[];
  /** After `or`. */
  fallback?: Expression;
  position: Position;
}

export interface Call {
  type: 'call';
  callee: Expression;
  args: Expression[];
  position: Position;
}

export interface LambdaNode {
  type: 'lambda';
  /** `x:` or the name at the `@`. */
  parameter?: string;
  formals?: Formals;
  body: Expression;
  /** What the function was bound to, for messages. */
  name?: string;
  position: Position;
}

export interface Formals {
  names: Array<{ name: string; fallback?: Expression; position: Position }>;
  /** `...` */
  open: boolean;
}

export interface SetNode {
  type: 'set';
  recursive: boolean;
  bindings: Bindings;
  position: Position;
}

/** What stands between braces, nested attribute paths merged already. */
export interface Bindings {
  named: Map<string, Binding>;
  /** `${name} = value;` */
  dynamic: Array<{ name: Expression; value: Expression; position: Position }>;
  /** The expressions of `inherit (…)`. */
  sources: Expression[];
}

export type Binding =
  | { type: 'value'; value: Expression; position: Position }
  /** `inherit name;` */
  | { type: 'inherit'; position: Position }
  /** `inherit (sources[source]) name;` */
  | { type: 'inherit-from'; source: number; position: Position };

/** A fixed name, or an expression that gives one. */
export type AttributeName =
  | { name: string; position: Position }
  | { expression: Expression; position: Position };

export type BinaryOperator =
  | '->'
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | '//'
  | '+'
  | '-'
  | '*'
  | '/'
  | '++';

export interface Binary {
  type: 'binary';
  operator: BinaryOperator;
  left: Expression;
  right: Expression;
  /** The operator's place. */
  operatorPosition: Position;
  position: Position;
}
