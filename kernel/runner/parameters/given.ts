import { readFile } from 'node:fs/promises';
import { isObject } from '../../../src/index.js';
import { variableNameFault } from '../../variable-name.js';
import { JsonNumber } from '../ipynb/json.js';
import { ParameterError } from './error.js';

/** What was given for a parameter: a word of the command line, whose type is the notebook's to say, or a value of a file. */
export type Given = { text: string } | { value: unknown };

export type GivenParameters = ReadonlyMap<string, Given>;

/** `name=value` of the command line. */
export function parseParameters(words: readonly string[]): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const word of words) {
    const [, name, text] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || text === undefined) {
      throw new ParameterError({
        asked: `the parameter "${word}" has no value`,
        todo: 'write it as -p name=value',
      });
    }
    checkName(name);
    if (given.has(name)) {
      throw new ParameterError({ asked: `-p gives "${name}" more than once`, todo: 'leave one of them' });
    }
    given.set(name, { text });
  }
  return given;
}

/** A file with names and values, YAML or JSON, as papermill's `-f` takes it. */
export async function readParametersFile(file: string): Promise<Map<string, Given>> {
  const { parseDocument } = await import('yaml');
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new ParameterError({ asked: `cannot read the parameters in ${file}`, found: cause.message, cause });
  });
  const document = parseDocument(text, { intAsBigInt: true });
  const [fault] = document.errors;
  if (fault) throw new ParameterError({ asked: `${file} is no YAML`, found: fault.message, cause: fault });
  const values: unknown = document.toJS();
  if (!isObject(values)) {
    throw new ParameterError({
      asked: `${file} has no names with values`,
      todo: 'write lines such as clients: 4',
    });
  }
  return new Map(
    Object.entries(values).map(([name, value]) => {
      checkName(name);
      return [name, { value: withoutBigints(value) }];
    }),
  );
}

function withoutBigints(value: unknown): unknown {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : new JsonNumber(`${value}`);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutBigints(one)]));
}

function checkName(name: string): void {
  const fault = variableNameFault(name);
  if (fault)
    throw new ParameterError({ asked: `"${name}" is not a valid name for a parameter`, found: fault });
}
