import { join } from 'node:path';
import { parse } from 'smol-toml';
import { isObject } from '../is-object.js';
import { readRegularText } from '../read-regular.js';
import { nearest } from '../suggest.js';
import { SetupError } from './errors.js';
import type { BuildSetup } from './types.js';

type Table = Record<string, unknown>;

/** setup.toml with the chosen variant and parameters in it, for one build. */
export interface Setup {
  /** What compositions get as `setup`: at least `project.selected` and `params`. */
  values: Table & { project: Table & { selected: string }; params: Table };
  /** [options] of the variant, then of the file: `flavour`, `composition-file`, `composition-flavour`, … */
  options: Readonly<Table>;
  /** Without a choice, and with none left in it, the file says by itself what is said here. */
  asWritten: boolean;
  warnings: readonly string[];
}

/** What one build chooses of setup.toml. */
export interface SetupChoice {
  variant?: string;
  params?: Readonly<Record<string, string | number>>;
}

/** Tables with a meaning of their own (upstream's setup.py); every other table is a variant. */
const RESERVED = ['project', 'options', 'params', 'override-params', 'overrides', 'build'];

/**
 * The setup for one build: the variant chosen for it, else the one that the file selects (`project.selected`); an empty name is
 * none. The user's file is only read: upstream stores the choice in it, and it sticks to later builds. Parameters that upstream
 * left in the file so ([override-params]) are reported and not used.
 */
export async function loadSetup(directory: string, choice: SetupChoice = {}): Promise<Setup> {
  const file = join(directory, 'setup.toml');
  const content = await readTables(file);
  if (!content && choice.variant) {
    throw new SetupError({
      asked: `--setup ${choice.variant} asks for a variant`,
      found: `no file ${file}`,
      todo: `write one with a table [${choice.variant}.params]`,
    });
  }
  const tables = content ?? {};
  const chosen = choice.variant ?? selectedIn(tables);
  const base = Object.fromEntries(Object.entries(tables).filter(([name]) => RESERVED.includes(name)));
  const warnings = leftByUpstream(tables, file);
  const asWritten = tables['override-params'] === undefined && choice.variant === undefined && !choice.params;
  delete base['override-params'];
  const variant = chosen === '' ? {} : variantOf(tables, chosen, file, choice.variant === undefined);
  const merged = mergeTables(base, variant);
  const params = tableOf(merged.params, 'params', file);
  warnings.push(...unknownParams(params, choice.params ?? {}, file));
  return {
    values: {
      ...merged,
      project: { ...tableOf(merged.project, 'project', file), selected: chosen },
      params: { ...params, ...choice.params },
    },
    options: tableOf(merged.options, 'options', file),
    asWritten,
    warnings,
  };
}

/** What a build remembers of its setup; nothing where there is none. */
export function effectiveSetup({ values: { project, params } }: Setup): BuildSetup | undefined {
  if (project.selected === '' && Object.keys(params).length === 0) return undefined;
  return { ...(project.selected === '' ? {} : { variant: project.selected }), params };
}

/** `--setup-param name=value`: a number when it is a whole one, as upstream reads it. */
export function parseSetupParams(words: readonly string[]): Record<string, string | number> {
  return Object.fromEntries(
    words.map(word => {
      const at = word.indexOf('=');
      if (at < 1)
        throw new SetupError({ asked: `cannot read parameter "${word}"`, todo: 'write name=value' });
      const value = word.slice(at + 1);
      const number = Number(value);
      return [word.slice(0, at), /^[+-]?\d+$/.test(value) && Number.isSafeInteger(number) ? number : value];
    }),
  );
}

async function readTables(file: string): Promise<Table | undefined> {
  let text: string;
  try {
    text = readRegularText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SetupError({ asked: `cannot read ${file}`, found: (error as Error).message, cause: error });
  }
  try {
    return plain(parse(text)) as Table;
  } catch (error) {
    throw new SetupError({
      asked: `${file} is not valid TOML`,
      found: (error as Error).message,
      cause: error,
    });
  }
}

/** Dates as text: Nix has none. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function variantOf(tables: Table, variant: string, file: string, byFile: boolean): Table {
  const variants = Object.keys(tables).filter(name => !RESERVED.includes(name) && isObject(tables[name]));
  if (variants.includes(variant)) return tables[variant] as Table;
  throw new SetupError({
    asked: byFile
      ? `project.selected in ${file} names no variant: "${variant}"`
      : `${file} has no variant "${variant}"`,
    nearest: nearest(variant, variants),
    found: variants.length ? `variants ${variants.join(', ')}` : 'no variant at all',
  });
}

/** The variant that the file says is to be built; empty for none. */
export function selectedIn(tables: Readonly<Table>): string {
  const selected = isObject(tables.project) ? tables.project.selected : undefined;
  return typeof selected === 'string' ? selected : '';
}

function leftByUpstream(tables: Table, file: string): string[] {
  const left = tables['override-params'];
  if (left === undefined) return [];
  const options = isObject(left) ? Object.entries(left).map(([name, value]) => ` -p ${name}=${value}`) : [];
  return [
    `${file}: [override-params] of an earlier build is not used${options.length ? `; choose it with nxc build${options.join('')}` : ''}`,
  ];
}

function unknownParams(params: Table, given: Readonly<Record<string, unknown>>, file: string): string[] {
  return Object.keys(given)
    .filter(name => params[name] === undefined && Object.keys(params).length > 0)
    .map(name => {
      const near = nearest(name, Object.keys(params));
      return `${file}: [params] has no "${name}"${near.length ? ` (did you mean ${near.join(', ')}?)` : ''}`;
    });
}

function mergeTables(base: Table, over: Table): Table {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? mergeTables(below, value) : value;
  }
  return merged;
}

function tableOf(value: unknown, name: string, file: string): Table {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw new SetupError({ asked: `"${name}" in ${file} is not a table`, found: JSON.stringify(value) });
}
