/** Words that are no names. `or` is one only after an attribute path. */
export const keywords = [
  'if',
  'then',
  'else',
  'assert',
  'with',
  'let',
  'in',
  'rec',
  'inherit',
  'or',
] as const;

/** Longest first: the lexer takes the first that fits. */
export const symbols = [
  ...['...'],
  ...['${', '==', '!=', '<=', '>=', '&&', '||', '->', '//', '++'],
  ...['+', '-', '*', '/', '<', '>', '!', '?', '@', ':', ';', ',', '.', '=', '(', ')', '[', ']', '{', '}'],
] as const;

export type TokenType =
  | 'id'
  | 'int'
  | 'float'
  | 'uri'
  /** `<nixpkgs/lib>` */
  | 'search-path'
  /** `"` opens and closes a string, `''` an indented one. */
  | '"'
  | "''"
  /** Literal text inside a string or path; `value` holds it with escapes resolved. */
  | 'text'
  /** Text of an indented string that was written as an escape: it is no indentation. */
  | 'escaped'
  | 'path-open'
  | 'path-close'
  | 'end'
  | (typeof keywords)[number]
  | (typeof symbols)[number];

export interface Token {
  type: TokenType;
  /** As written; for text, the text that is meant. */
  value: string;
  start: number;
  end: number;
}

/** What an error calls the token `end`. */
export const endOfText = 'the end of the text';
