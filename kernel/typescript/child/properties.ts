import { Session } from 'node:inspector';
import type { PropertyName } from '../messages.js';
import { RUNTIME } from './rewrite.js';

interface Property {
  name: string;
  value?: { type: string; description?: string };
  get?: object;
}

const session = new Session();
session.connect();
const HIDDEN = new Set([RUNTIME, 'babelHelpers']);

/** Names after `expression.`, or those of the global scope. Runs no code that has an effect: no getter, no call that writes. */
export function propertiesOf(expression: string | undefined): PropertyName[] {
  if (expression === undefined)
    return [...scopeNames(), ...properties('globalThis')].filter(({ name }) => !HIDDEN.has(name));
  return properties(expression);
}

function scopeNames(): PropertyName[] {
  const { names } = post<{ names: string[] }>('Runtime.globalLexicalScopeNames', {});
  return names.map(name => ({ name, type: 'const' }));
}

function properties(expression: string): PropertyName[] {
  const { result, exceptionDetails } = post<{ result: { objectId?: string }; exceptionDetails?: object }>(
    'Runtime.evaluate',
    {
      expression: `Object(${expression})`,
      throwOnSideEffect: true,
      timeout: 50,
      objectGroup: 'properties',
    },
  );
  if (exceptionDetails || result.objectId === undefined) return [];
  const reply = post<{ result: Property[] }>('Runtime.getProperties', { objectId: result.objectId });
  post('Runtime.releaseObjectGroup', { objectGroup: 'properties' });
  return reply.result
    .filter(({ name }) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    .map(({ name, value }) => ({ name, type: typeOf(value) }));
}

function typeOf(value: Property['value']): string {
  if (value?.type !== 'function') return 'property';
  return value.description?.startsWith('class') ? 'class' : 'function';
}

function post<Reply>(method: string, parameters: object): Reply {
  let reply: unknown;
  session.post(method, parameters, (_error, answer) => {
    reply = answer ?? { result: [], names: [] };
  });
  return reply as Reply;
}
