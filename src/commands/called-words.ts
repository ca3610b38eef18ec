import type { Option } from 'commander';
import { CallError } from '../driver/calls.js';
import { shown } from '../driver/shown.js';
import { isObject } from '../is-object.js';
import { nearest } from '../suggest.js';
import { programOf } from './command-line.js';
import { commands, loadCommand } from './registry.js';

/** The words of a verb that a cell calls, `nxc.start('-r', 'client=2')`. What is neither text nor a number is a CallError. */
export async function calledWords(verb: string, given: readonly unknown[]): Promise<string[]> {
  const others = given.filter(value => typeof value !== 'string' && typeof value !== 'number');
  if (others.length === 0) return given.map(String);
  const [wrong] = others;
  throw new CallError({
    asked: `nxc.${verb} takes the words of the terminal, each text or a number, and was given ${shown(wrong)}`,
    ...(isObject(wrong)
      ? await meant(verb, wrong)
      : { todo: 'give each word by itself, and a node by its name' }),
  });
}

/** An object is meant as options: how they are written. */
async function meant(verb: string, given: Record<string, unknown>) {
  const { options } = await programOf(await loadCommand(verb, commands));
  const named = new Map(options.map(option => [option.attributeName(), option]));
  const found = Object.entries(given).map(([name, value]) => {
    const [near = ''] = nearest(name, named.keys());
    return { option: named.get(name) ?? named.get(near), value };
  });
  const known = found.flatMap(({ option, value }) => (option ? wordsOf(option, value) : []));
  return {
    nearest: found.flatMap(({ option }) => option?.long ?? []),
    todo:
      known.length > 0
        ? `write nxc.${verb}(${known.map(word => `'${word}'`).join(', ')})`
        : `its options are ${[...named.values()].map(({ long }) => long).join(', ')}`,
  };
}

function wordsOf(option: Option, value: unknown): string[] {
  const flag = option.long ?? option.short!;
  return option.isBoolean() ? [flag] : [flag, typeof value === 'string' ? value : shown(value)];
}
