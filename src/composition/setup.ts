import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { isObject } from '../is-object.js';
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
 * The setup for one build. The user's file is only read: upstream stores the choice in it, and it sticks to later
 * builds. A choice that upstream left in the file is reported and not used.
 */
export async function loadSetup(directory: string, choice: SetupChoice = {}): Promise<Setup> {
  const file = join(directory, 'setup.toml');
  const content = await readTables(file);
  if (!content && choice.variant !== undefined) {
    throw new SetupError({
      asked: `--setup ${choice.variant} asks for a variant`,
      found: `no file ${file}`,
      todo: `write one with a table [${choice.variant}.params]`,
    });
  }
  const tables = content ?? {};
  const base = Object.fromEntries(Object.entries(tables).filter(([name]) => RESERVED.includes(name)));
  const warnings = leftByUpstream(tables, file);
  const asWritten = warnings.length === 0 && choice.variant === undefined && !choice.params;
  delete base['override-params'];
  const variant = choice.variant === undefined ? {} : variantOf(tables, choice.variant, file);
  const merged = mergeTables(base, variant);
  const params = tableOf(merged.params, 'params', file);
  warnings.push(...unknownParams(params, choice.params ?? {}, file));
  return {
    values: {
      ...merged,
      project: { ...tableOf(merged.project, 'project', file), selected: choice.variant ?? '' },
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
    text = await readFile(file, 'utf8');
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

function variantOf(tables: Table, variant: string, file: string): Table {
  const variants = Object.keys(tables).filter(name => !RESERVED.includes(name) && isObject(tables[name]));
  if (variants.includes(variant)) return tables[variant] as Table;
  throw new SetupError({
    asked: `${file} has no variant "${variant}"`,
    nearest: nearest(variant, variants),
    found: variants.length ? `variants ${variants.join(', ')}` : 'no variant at all',
  });
}

function leftByUpstream(tables: Table, file: string): string[] {
  const project = tables.project;
  const left = [
    isObject(project) && project.selected ? `project.selected = "${project.selected}"` : '',
    tables['override-params'] === undefined ? '' : '[override-params]',
  ].filter(Boolean);
  if (left.length === 0) return [];
  return [
    `${file}: ${left.join(' and ')} of an earlier build is not used; choose with --setup and --setup-param`,
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
