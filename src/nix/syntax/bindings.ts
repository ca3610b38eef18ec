import { NixError } from '../error.js';
import type { Position } from '../source.js';
import type { AttributeName, Binding, Bindings, Expression, SetNode } from './tree.js';

export function emptyBindings(): Bindings {
  return { named: new Map(), dynamic: [], sources: [] };
}

/**
 * Adds `path = value;`. Nested paths open sets on the way; sets that were written in several places become one, as in
 * `a.b = 1; a.c = 2;` and `a = { b = 1; }; a.c = 2;`. Throws NixError when a name is defined twice.
 */
export function bind(bindings: Bindings, path: readonly AttributeName[], value: Expression): void {
  const [first, ...rest] = path as [AttributeName, ...AttributeName[]];
  const inner = rest.length ? nested(rest, value) : value;
  if ('expression' in first) {
    bindings.dynamic.push({ name: first.expression, value: inner, position: first.position });
    return;
  }
  const { name, position } = first;
  const existing = bindings.named.get(name);
  if (!existing) {
    bindings.named.set(name, { type: 'value', value: inner, position });
    return;
  }
  if (existing.type === 'value' && existing.value.type === 'set' && inner.type === 'set') {
    merge(existing.value, inner, name);
  } else throw duplicate(name, position, existing);
}

/** Adds a binding of `inherit`. Throws NixError when the name is defined already. */
export function bindInherited(bindings: Bindings, name: string, binding: Binding): void {
  const existing = bindings.named.get(name);
  if (existing) throw duplicate(name, binding.position, existing);
  bindings.named.set(name, binding);
}

function nested(path: readonly AttributeName[], value: Expression): SetNode {
  const bindings = emptyBindings();
  bind(bindings, path, value);
  return { type: 'set', recursive: false, bindings, position: path[0]!.position };
}

function merge(into: SetNode, from: SetNode, prefix: string): void {
  const offset = into.bindings.sources.length;
  into.bindings.sources.push(...from.bindings.sources);
  into.bindings.dynamic.push(...from.bindings.dynamic);
  for (const [name, binding] of from.bindings.named) {
    const existing = into.bindings.named.get(name);
    if (!existing) {
      const moved =
        binding.type === 'inherit-from' ? { ...binding, source: binding.source + offset } : binding;
      into.bindings.named.set(name, moved);
    } else if (
      existing.type === 'value' &&
      binding.type === 'value' &&
      existing.value.type === 'set' &&
      binding.value.type === 'set'
    ) {
      merge(existing.value, binding.value, `${prefix}.${name}`);
    } else throw duplicate(`${prefix}.${name}`, binding.position, existing);
  }
}

function duplicate(name: string, position: Position, first: Binding): NixError {
  return new NixError(
    'parse',
    { asked: `attribute '${name}' is defined twice`, found: `it is defined at ${first.position} already` },
    position,
  );
}
