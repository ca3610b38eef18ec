import { bind, bindInherited, emptyBindings } from './bindings.js';
import { NixError } from './error.js';
import { type IndentedPiece, stripIndentation } from './indentation.js';
import { tokenize } from './lexer.js';
import { negateLevel, notLevel, precedences } from './operators.js';
import { isStackOverflow } from './overflow.js';
import { Position, type Source } from './source.js';
import type { Token, TokenType } from './token.js';
import type {
  AttributeName,
  BinaryOperator,
  Bindings,
  Expression,
  Formals,
  LambdaNode,
  Part,
  PathNode,
  SetNode,
  StringNode,
} from './tree.js';

/**
 * Reads a source. Errors are collected; after one inside a set or a list, reading goes on at the next binding or item.
 * The tree is undefined when nothing could be made of the source.
 */
export function parseSource(source: Source): { tree: Expression | undefined; errors: NixError[] } {
  const errors: NixError[] = [];
  const tokens = tokenize(source, errors);
  const unread = errors.length > 0;
  let tree: Expression | undefined;
  try {
    tree = new Parser(source, tokens, errors).run();
  } catch (error) {
    if (isStackOverflow(error)) errors.push(tooDeep(source));
    else if (error instanceof NixError) errors.push(error);
    else throw error;
  }
  return { tree, errors: sorted(errors, unread) };
}

export function tooDeep(source: Source): NixError {
  return new NixError('parse', 'this expression is nested too deeply', new Position(source, 0, 1));
}

const endOfText = 'the end of the text';

/** By place, one a place. Where a string or comment never ends, it is no news that something is missing at the end. */
function sorted(errors: readonly NixError[], unread: boolean): NixError[] {
  const startOf = (error: NixError) => error.position?.start ?? 0;
  const first = new Map<number, NixError>();
  for (const error of errors) {
    if (unread && error.parts.found === endOfText) continue;
    if (!first.has(startOf(error))) first.set(startOf(error), error);
  }
  return [...first.values()].sort((a, b) => startOf(a) - startOf(b));
}

const startsOperand: ReadonlySet<TokenType> = new Set<TokenType>([
  'id',
  'int',
  'float',
  'uri',
  'search-path',
  '"',
  "''",
  'path-open',
  '(',
  '[',
  '{',
  'rec',
]);
const closing: ReadonlySet<TokenType> = new Set<TokenType>(['}', ']', ')', 'in', 'then', 'else', 'end']);

class Parser {
  #at = 0;

  constructor(
    private readonly source: Source,
    private readonly tokens: readonly Token[],
    private readonly errors: NixError[],
  ) {}

  run(): Expression {
    const tree = this.#expression();
    if (this.#next.type !== 'end') this.errors.push(this.#unexpected('the end of the expression'));
    return tree;
  }

  #expression(): Expression {
    const start = this.#next.start;
    switch (this.#next.type) {
      case 'assert': {
        this.#at++;
        const condition = this.#expression();
        this.#expect(';', 'after the condition of assert');
        const body = this.#expression();
        return { type: 'assert', condition, body, position: this.#since(start) };
      }
      case 'with': {
        this.#at++;
        const scope = this.#expression();
        this.#expect(';', 'after the set of with');
        const body = this.#expression();
        return { type: 'with', scope, body, position: this.#since(start) };
      }
      case 'let': {
        if (this.#peek(1).type === '{') break;
        this.#at++;
        const bindings = this.#bindings('in');
        const dynamic = bindings.dynamic[0];
        if (dynamic) this.errors.push(new NixError('parse', 'let allows no dynamic names', dynamic.position));
        this.#expect('in', 'after the bindings of let');
        const body = this.#expression();
        return { type: 'let', bindings, body, position: this.#since(start) };
      }
      case 'if': {
        this.#at++;
        const condition = this.#expression();
        this.#expect('then', 'after the condition of if');
        const then = this.#expression();
        this.#expect('else', 'after the value of then; every if needs an else');
        return { type: 'if', condition, then, else: this.#expression(), position: this.#since(start) };
      }
      case 'id':
        if (this.#peek(1).type === ':' || this.#peek(1).type === '@') return this.#lambda();
        break;
      case '{':
        if (this.#formalsAhead()) return this.#lambda();
        break;
    }
    return this.#operation(0);
  }

  #formalsAhead(): boolean {
    const second = this.#peek(1).type;
    const third = this.#peek(2).type;
    if (second === '...') return true;
    if (second === '}') return third === ':' || third === '@';
    return second === 'id' && (third === ',' || third === '?' || third === '}');
  }

  #lambda(): LambdaNode {
    const start = this.#next.start;
    let parameter: string | undefined;
    let formals: Formals | undefined;
    if (this.#next.type === 'id') {
      parameter = this.#take().value;
      if (this.#accept('@')) formals = this.#formals();
    } else {
      formals = this.#formals();
      if (this.#accept('@')) parameter = this.#expect('id', "after '@'").value;
    }
    const clash = formals?.names.find(({ name }) => name === parameter);
    if (clash) {
      const message = `'${parameter}' is both the argument's name and a name in its pattern`;
      this.errors.push(new NixError('parse', message, clash.position));
    }
    this.#expect(':', 'after the argument of a function');
    const body = this.#expression();
    return { type: 'lambda', parameter, formals, body, position: this.#since(start) };
  }

  #formals(): Formals {
    this.#expect('{', 'at the beginning of a pattern');
    const names: Formals['names'] = [];
    let open = false;
    while (this.#next.type !== '}') {
      if (this.#accept('...')) {
        open = true;
        break;
      }
      const token = this.#expect('id', 'in the pattern of a function');
      if (names.some(({ name }) => name === token.value)) {
        const message = `'${token.value}' stands twice in this pattern`;
        this.errors.push(new NixError('parse', message, this.#position(token)));
      }
      const fallback = this.#accept('?') ? this.#expression() : undefined;
      names.push({ name: token.value, fallback, position: this.#position(token) });
      if (!this.#accept(',')) break;
    }
    this.#expect('}', open ? "after '...', which ends a pattern" : 'at the end of a pattern');
    return { names, open };
  }

  #operation(level: number): Expression {
    const start = this.#next.start;
    let left = this.#prefixed();
    let notAgain = -1;
    for (;;) {
      const token = this.#next;
      const precedence = precedences.get(token.type);
      if (!precedence || precedence.level < level) return left;
      if (precedence.level === notAgain) {
        throw this.#error(`'${token.value}' cannot be chained; put parentheses around one of the two`, token);
      }
      this.#at++;
      if (token.type === '?') {
        left = { type: 'has', subject: left, path: this.#attributePath(), position: this.#since(start) };
      } else {
        const right = this.#operation(precedence.level + (precedence.associates === 'right' ? 0 : 1));
        left = {
          type: 'binary',
          operator: token.type as BinaryOperator,
          left,
          right,
          operatorPosition: this.#position(token),
          position: this.#since(start),
        };
      }
      notAgain = precedence.associates === 'never' ? precedence.level : -1;
    }
  }

  #prefixed(): Expression {
    const { type, start } = this.#next;
    if (type !== '!' && type !== '-') return this.#application();
    this.#at++;
    const operand = this.#operation(type === '!' ? notLevel : negateLevel);
    return { type: 'unary', operator: type, operand, position: this.#since(start) };
  }

  #application(): Expression {
    const start = this.#next.start;
    const callee = this.#selection();
    const args: Expression[] = [];
    while (this.#operandAhead()) args.push(this.#selection());
    return args.length ? { type: 'call', callee, args, position: this.#since(start) } : callee;
  }

  #operandAhead(): boolean {
    const { type } = this.#next;
    return startsOperand.has(type) || (type === 'let' && this.#peek(1).type === '{');
  }

  #selection(): Expression {
    const start = this.#next.start;
    const subject = this.#simple();
    if (this.#accept('.')) {
      const path = this.#attributePath();
      const fallback = this.#accept('or') ? this.#selection() : undefined;
      return { type: 'select', subject, path, fallback, position: this.#since(start) };
    }
    if (this.#next.type !== 'or') return subject;
    // Nix reads `f or` as a call with the variable `or`, for code older than the keyword.
    const or = this.#take();
    const argument: Expression = { type: 'variable', name: 'or', position: this.#position(or) };
    return { type: 'call', callee: subject, args: [argument], position: this.#since(start) };
  }

  #simple(): Expression {
    const token = this.#next;
    const position = this.#position(token);
    switch (token.type) {
      case 'id':
        this.#at++;
        return { type: 'variable', name: token.value, position };
      case 'int': {
        this.#at++;
        const value = BigInt(token.value);
        if (value > 0x7fff_ffff_ffff_ffffn) {
          throw new NixError('parse', `the number ${token.value} is too big for an integer`, position);
        }
        return { type: 'int', value, position };
      }
      case 'float':
        this.#at++;
        return { type: 'float', value: Number(token.value), position };
      case 'uri':
        this.#at++;
        return { type: 'string', parts: [token.value], position };
      case 'search-path':
        this.#at++;
        return { type: 'search-path', name: token.value.slice(1, -1), position };
      case '"':
        return this.#string();
      case "''":
        return this.#indentedString();
      case 'path-open':
        return this.#path();
      case '(': {
        this.#at++;
        const inner = this.#expression();
        this.#expect(')', `to close the '(' at ${position.line}:${position.column}`);
        return inner;
      }
      case '[':
        return this.#list();
      case '{':
        return this.#set(token.start, false);
      case 'rec':
        this.#at++;
        return this.#set(token.start, true);
      case 'let': {
        this.#at++;
        const subject = this.#set(token.start, true);
        const path = [{ name: 'body', position }];
        return { type: 'select', subject, path, position: this.#since(token.start) };
      }
    }
    throw this.#unexpected('a value');
  }

  #set(start: number, recursive: boolean): SetNode {
    const open = this.#position(this.#expect('{', 'to begin a set'));
    const bindings = this.#bindings('}');
    this.#expect('}', `to close the '{' at ${open.line}:${open.column}`);
    return { type: 'set', recursive, bindings, position: this.#since(start) };
  }

  #list(): Expression {
    const { start } = this.#take();
    const open = new Position(this.source, start, start + 1);
    const items: Expression[] = [];
    while (!closing.has(this.#next.type) && this.#next.type !== ';') {
      this.#recovering(() => items.push(this.#selection()));
    }
    this.#expect(']', `to close the '[' at ${open.line}:${open.column}`);
    return { type: 'list', items, position: this.#since(start) };
  }

  #bindings(end: '}' | 'in'): Bindings {
    const bindings = emptyBindings();
    while (this.#next.type !== end && this.#next.type !== 'end') {
      const before = this.#at;
      this.#recovering(() => {
        if (this.#next.type === 'inherit') this.#inherit(bindings);
        else this.#binding(bindings);
      });
      if (this.#at === before) break;
    }
    return bindings;
  }

  #binding(bindings: Bindings): void {
    const path = this.#attributePath();
    const written = path.map(each => ('name' in each ? each.name : '${…}')).join('.');
    this.#expect('=', `after the name '${written}'`);
    const value = this.#expression();
    const last = path.at(-1)!;
    if (value.type === 'lambda' && 'name' in last) value.name = last.name;
    this.#collect(() => bind(bindings, path, value));
    const where = `after the value of '${written}'`;
    if (this.#next.type === '=') this.#missingSemicolon(where);
    else this.#expect(';', where);
  }

  /** In `a = 1 b = 2;` the name of the second binding was read as part of the first value. */
  #missingSemicolon(where: string): void {
    const error = this.#unexpected(`';' ${where}`);
    let name = this.#at - 1;
    while (this.tokens[name - 1]?.type === '.') name -= 2;
    const before = this.tokens[name - 1];
    if (this.tokens[name]?.type !== 'id' || !before || before.type === '=') throw error;
    const position = new Position(this.source, before.end, before.end + 1);
    this.errors.push(new NixError('parse', { asked: error.parts.asked }, position));
    this.#at = name;
  }

  #inherit(bindings: Bindings): void {
    this.#at++;
    let source: number | undefined;
    if (this.#accept('(')) {
      source = bindings.sources.push(this.#expression()) - 1;
      this.#expect(')', 'after the set of inherit');
    }
    while (this.#next.type !== ';') {
      const attribute = this.#attributeName();
      if (!('name' in attribute)) {
        throw new NixError('parse', 'inherit allows no dynamic names', attribute.position);
      }
      const { name, position } = attribute;
      this.#collect(() =>
        bindInherited(
          bindings,
          name,
          source === undefined ? { type: 'inherit', position } : { type: 'inherit-from', source, position },
        ),
      );
    }
    this.#expect(';', 'after the names of inherit');
  }

  #attributePath(): AttributeName[] {
    const path = [this.#attributeName()];
    while (this.#accept('.')) path.push(this.#attributeName());
    return path;
  }

  #attributeName(): AttributeName {
    const token = this.#next;
    const position = this.#position(token);
    if (token.type === 'id' || token.type === 'or') {
      this.#at++;
      return { name: token.value, position };
    }
    if (token.type === '"') {
      const expression = this.#string();
      const name = expression.parts.length ? expression.parts[0] : '';
      if (expression.parts.length <= 1 && typeof name === 'string')
        return { name, position: expression.position };
      return { expression, position: expression.position };
    }
    if (token.type === '${') {
      const expression = this.#interpolation();
      // `${"name"}` is as good as the name.
      if (expression.type === 'string' && expression.parts.length === 1) {
        const name = expression.parts[0]!;
        if (typeof name === 'string') return { name, position: this.#since(token.start) };
      }
      return { expression, position: this.#since(token.start) };
    }
    throw this.#unexpected("the name of an attribute, or 'inherit'");
  }

  #string(): StringNode {
    const { start } = this.#take();
    const parts: Part[] = [];
    while (this.#next.type !== '"') {
      if (this.#next.type === 'text') parts.push(this.#take().value);
      else parts.push(this.#interpolation());
    }
    this.#at++;
    return { type: 'string', parts: joined(parts), position: this.#since(start) };
  }

  #indentedString(): StringNode {
    const { start } = this.#take();
    const pieces: IndentedPiece[] = [];
    while (this.#next.type !== "''") {
      if (this.#next.type === 'text') pieces.push({ raw: this.#take().value });
      else if (this.#next.type === 'escaped') pieces.push({ escaped: this.#take().value });
      else pieces.push({ expression: this.#interpolation() });
    }
    this.#at++;
    return { type: 'string', parts: joined(stripIndentation(pieces)), position: this.#since(start) };
  }

  #path(): PathNode {
    const { start } = this.#take();
    const parts: Part[] = [];
    while (this.#next.type !== 'path-close') {
      if (this.#next.type === 'text') parts.push(this.#take().value);
      else parts.push(this.#interpolation());
    }
    this.#at++;
    return { type: 'path', parts: joined(parts), position: this.#since(start) };
  }

  #interpolation(): Expression {
    this.#expect('${', 'to begin an interpolation');
    const inner = this.#expression();
    this.#expect('}', "to close '${'");
    return inner;
  }

  /** Runs one binding or item; after an error, skips to where the next one may begin. */
  #recovering(read: () => void): void {
    const before = this.#at;
    try {
      read();
    } catch (error) {
      if (!(error instanceof NixError)) throw error;
      this.errors.push(error);
      this.#at = Math.max(this.#at, before);
      this.#skip();
    }
  }

  #skip(): void {
    let depth = 0;
    for (; this.#next.type !== 'end'; this.#at++) {
      const { type } = this.#next;
      if (depth === 0 && type === ';') {
        this.#at++;
        return;
      }
      if (type === '{' || type === '[' || type === '(' || type === '${' || type === 'let') depth++;
      else if (closing.has(type) && type !== 'then' && type !== 'else') {
        if (depth === 0) return;
        depth--;
      }
    }
  }

  /** Keeps an error that says nothing about how to read on. */
  #collect(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof NixError)) throw error;
      this.errors.push(error);
    }
  }

  get #next(): Token {
    return this.tokens[this.#at]!;
  }

  #peek(ahead: number): Token {
    return this.tokens[Math.min(this.#at + ahead, this.tokens.length - 1)]!;
  }

  #take(): Token {
    return this.tokens[this.#at++]!;
  }

  #accept(type: TokenType): boolean {
    if (this.#next.type !== type) return false;
    this.#at++;
    return true;
  }

  #expect(type: TokenType, where: string): Token {
    if (this.#next.type === type) return this.#take();
    const wanted = type === 'id' ? 'a name' : `'${type}'`;
    const error = this.#unexpected(`${wanted} ${where}`);
    // What is missing at the end of a line is best shown there, not at the line below.
    const previous = this.tokens[this.#at - 1];
    if (previous && type !== 'id' && this.source.text.slice(previous.end, this.#next.start).includes('\n')) {
      throw new NixError('parse', error.parts, new Position(this.source, previous.end, previous.end + 1));
    }
    throw error;
  }

  #unexpected(wanted: string): NixError {
    const token = this.#next;
    const found = token.type === 'end' ? endOfText : `'${this.source.text.slice(token.start, token.end)}'`;
    const separator =
      token.type === ',' ? "items of a list are separated by blanks, bindings by ';'" : undefined;
    return new NixError(
      'parse',
      { asked: `expected ${wanted}`, found, todo: separator },
      this.#position(token),
    );
  }

  #error(message: string, token: Token): NixError {
    return new NixError('parse', message, this.#position(token));
  }

  #position(token: Token): Position {
    return new Position(this.source, token.start, token.end);
  }

  #since(start: number): Position {
    return new Position(this.source, start, this.tokens[this.#at - 1]?.end ?? start);
  }
}

function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}
