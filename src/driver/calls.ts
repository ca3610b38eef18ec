import { LONGEST_TIMER } from '../duration.js';
import { NxcError } from '../errors.js';
import { isObject } from '../is-object.js';
import { nearest } from '../suggest.js';
import type { Method, Parameter } from './methods.js';
import { shown } from './shown.js';

/** Arguments of a call by parameter name: how they travel. */
export type NamedArguments = Record<string, unknown>;

/** A call that the method table does not allow. */
export class CallError extends NxcError {}

/** From `waitForUnit('web', { timeout: 5 })` to `{ unit: 'web', timeout: 5 }`. */
export function toNamed(method: Method, given: readonly unknown[]): NamedArguments {
  const positional = [...given];
  const named: NamedArguments = {};
  const options = isObject(positional.at(-1)) ? (positional.pop() as object) : {};
  for (const parameter of method.parameters.filter(p => !p.option)) {
    if (parameter.variadic) named[parameter.name] = positional.splice(0);
    else if (positional.length > 0) named[parameter.name] = positional.shift();
  }
  if (positional.length > 0) {
    const forOptions = positional.length === 1 && method.parameters.some(p => p.option);
    throw new CallError({
      asked: forOptions
        ? inPlaceOfOptions(method.name, positional[0])
        : `${method.name} was given ${given.length} arguments`,
      todo: `call it as ${signature(method)}`,
    });
  }
  const all: NamedArguments = { ...named, ...options };
  for (const [name, value] of Object.entries(all)) {
    if (typeof value !== 'number' || Number.isFinite(value)) continue;
    throw new CallError({
      asked: `${method.name} was given ${name}: ${value}`,
      todo: 'give a finite number',
    });
  }
  return all;
}

/** What errors say of a plain value that stands where options belong. */
export function inPlaceOfOptions(call: string, given: unknown): string {
  return `${call} takes its options as an object, and was given ${shown(given)} there`;
}

/** The way back, checked: unknown names, missing arguments and wrong types are a CallError. */
export function toPositional(method: Method, named: NamedArguments): unknown[] {
  const known = method.parameters.map(p => p.name);
  for (const name of Object.keys(named)) {
    if (known.includes(name)) continue;
    throw new CallError({
      asked: `${method.name} has no option "${name}"`,
      nearest: nearest(name, known),
      todo: `call it as ${signature(method)}`,
    });
  }
  const positional: unknown[] = [];
  const options: NamedArguments = {};
  for (const parameter of method.parameters) {
    const value = checked(method, parameter, named[parameter.name] ?? parameter.default);
    if (parameter.option) options[parameter.name] = value;
    else if (parameter.variadic) positional.push(...(value as unknown[]));
    else positional.push(value);
  }
  return [...positional, options];
}

function checked(method: Method, parameter: Parameter, value: unknown): unknown {
  const missing = value === undefined || value === null;
  if (missing && parameter.option) return undefined;
  const given = parameter.type === 'number' ? asNumber(value) : value;
  const values = parameter.variadic ? (given as unknown[] | undefined) : [given];
  const wrong = !Array.isArray(values) || values.length === 0 || values.some(one => !fits(parameter, one));
  if (!wrong) return given;
  throw new CallError({
    asked: `${method.name} needs ${parameter.name} (${parameter.type}: ${parameter.doc})`,
    found: missing ? 'nothing' : shown(value),
    todo: `call it as ${signature(method)}`,
  });
}

/** Tests write ports as text, too: the NixOS driver puts them into a command. */
const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/.test(value) ? Number(value) : value;

function fits({ name, type }: Parameter, value: unknown): boolean {
  if (type === 'unknown') return true;
  if (name === 'timeout') return typeof value === 'number' && value >= 0 && value * 1000 <= LONGEST_TIMER;
  return type === 'number' ? Number.isFinite(value) : typeof value === type;
}

/** `waitForUnit(unit: string, options?: { user?: string; timeout?: number }): Promise<void>` */
export function signature(
  method: Method,
  returns: (type: string) => string = type => `Promise<${type}>`,
  typed: (parameter: Parameter) => string = ({ type }) => type,
): string {
  const positional = method.parameters
    .filter(p => !p.option)
    .map(p =>
      p.variadic
        ? `...${p.name}: ${typed(p)}[]`
        : `${p.name}${p.default === undefined ? '' : '?'}: ${typed(p)}`,
    );
  const options = method.parameters.filter(p => p.option).map(p => `${p.name}?: ${typed(p)}`);
  const variadic = method.parameters.find(p => p.variadic);
  const parameters = [...positional];
  if (options.length > 0) {
    // A rest parameter must be the last one in TypeScript, so there the options share its place.
    if (variadic)
      parameters[parameters.length - 1] =
        `...${variadic.name}: Array<${variadic.type} | { ${options.join('; ')} }>`;
    else parameters.push(`options?: { ${options.join('; ')} }`);
  }
  return `${method.name}(${parameters.join(', ')}): ${returns(method.returns)}`;
}
