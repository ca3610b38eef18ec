import { NixError } from '../error.js';
import { readAttributeName, readAttributePath } from './attribute-name.js';
import { bind, bindInherited, emptyBindings } from './bindings.js';
import type { TokenReader } from './token-reader.js';
import type { Bindings, SetNode } from './tree.js';

/** `{ … }`, whose `rec` or the like at `start` has been taken. */
export function readSet(read: TokenReader, start: number, recursive: boolean): SetNode {
  const open = read.expect('{', 'to begin a set');
  const bindings = readBindings(read, '}');
  read.expectClosing('}', open);
  return { type: 'set', recursive, bindings, position: read.since(start) };
}

/** What stands in a set or after `let`. */
export function readBindings(read: TokenReader, end: '}' | 'in'): Bindings {
  const bindings = emptyBindings();
  while (read.next.type !== end && read.next.type !== 'end') {
    const moved = read.recovering(() => {
      if (read.next.type === 'inherit') readInherit(read, bindings);
      else readBinding(read, bindings);
    });
    if (!moved) break;
  }
  return bindings;
}

function readBinding(read: TokenReader, bindings: Bindings): void {
  const path = readAttributePath(read);
  const written = path.map(each => ('name' in each ? each.name : '${…}')).join('.');
  read.expect('=', `after the name '${written}'`);
  const value = read.expression();
  const last = path.at(-1)!;
  if (value.type === 'lambda' && 'name' in last) value.name = last.name;
  read.collect(() => bind(bindings, path, value));
  const where = `after the value of '${written}'`;
  if (read.next.type === '=') reportMissingSemicolon(read, where);
  else read.expect(';', where);
}

/** In `a = 1 b = 2;` the name of the second binding was read as part of the first value. */
function reportMissingSemicolon(read: TokenReader, where: string): void {
  const error = read.unexpected(`';' ${where}`);
  let back = 1;
  while (read.peek(-back - 1)?.type === '.') back += 2;
  const before = read.peek(-back - 1);
  if (read.peek(-back)?.type !== 'id' || !before || before.type === '=') throw error;
  read.report(new NixError('parse', { asked: error.parts.asked }, read.behind(before)));
  read.goBack(back);
}

function readInherit(read: TokenReader, bindings: Bindings): void {
  read.take();
  let source: number | undefined;
  if (read.accept('(')) {
    source = bindings.sources.push(read.expression()) - 1;
    read.expect(')', 'after the set of inherit');
  }
  while (read.next.type !== ';') {
    const attribute = readAttributeName(read);
    if (!('name' in attribute)) {
      throw new NixError('parse', 'inherit allows no dynamic names', attribute.position);
    }
    const { name, position } = attribute;
    const binding =
      source === undefined
        ? { type: 'inherit' as const, position }
        : { type: 'inherit-from' as const, source, position };
    read.collect(() => bindInherited(bindings, name, binding));
  }
  read.expect(';', 'after the names of inherit');
}
