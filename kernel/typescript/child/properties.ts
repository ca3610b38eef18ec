import { Session } from 'node:inspector';
import type { PropertyName } from '../messages.js';
import { RUNTIME } from './rewrite.js';
import { chainInScope, nameOfUser } from './shadowed-globals.js';

interface Value {
  type: string;
  className?: string;
  description?: string;
  objectId?: string;
}

interface Property {
  name: string;
  value?: Value;
}

const GROUP = 'properties';
const LONGEST_DESCRIPTION = 2000;

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
  return names.map(name => ({ name: nameOfUser(name), type: 'const' }));
}

function properties(expression: string): PropertyName[] {
  const value = look(`Object(${chainInScope(expression)})`);
  const found = value?.objectId === undefined ? [] : membersOf(value.objectId);
  post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return found
    .filter(({ name }) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    .map(({ name, value: member }) => ({ name, type: typeOf(member) }));
}

/** What a variable or a property of one holds, in a line or a few; undefined where that cannot be seen without running code. */
export function describe(expression: string): string | undefined {
  const value = look(chainInScope(expression));
  if (!value) return undefined;
  const { type, className, description = type, objectId } = value;
  const own =
    type === 'object' && objectId !== undefined ? membersOf(objectId, true).map(({ name }) => name) : [];
  post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  const members = own.length ? ` { ${own.slice(0, 50).join(', ')}${own.length > 50 ? ', …' : ''} }` : '';
  return `${expression}: ${className ?? type}\n${description.slice(0, LONGEST_DESCRIPTION)}${members}`;
}

/** The code of the function that a name, with or without members, stands for. */
export function sourceOfFunction(name: string): string | undefined {
  const value = look(chainInScope(name));
  post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return value?.type === 'function' ? value.description : undefined;
}

/** The value of an expression that changes nothing. */
function look(expression: string): Value | undefined {
  const { result, exceptionDetails } = post<{ result: Value; exceptionDetails?: object }>(
    'Runtime.evaluate',
    {
      expression,
      throwOnSideEffect: true,
      timeout: 50,
      objectGroup: GROUP,
    },
  );
  return exceptionDetails ? undefined : result;
}

function membersOf(objectId: string, ownProperties = false): Property[] {
  return post<{ result: Property[] }>('Runtime.getProperties', { objectId, ownProperties }).result;
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
