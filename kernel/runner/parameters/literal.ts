import { formatJson, JsonNumber } from '../ipynb/json.js';

/** As TypeScript writes it; JSON is TypeScript but for the numbers that JSON does not have. */
export const typescriptLiteral = (value: unknown): string =>
  typeof value === 'bigint' ? `${value}n` : isJson(value) ? formatJson(value) : String(value);

/** As metadata of a notebook keep it: what JSON does not have becomes text, `NaN`; no digit is lost. */
export const jsonOf = (value: unknown): unknown =>
  typeof value === 'bigint' ? new JsonNumber(String(value)) : isJson(value) ? value : String(value);

const isJson = (value: unknown): boolean =>
  typeof value !== 'bigint' && (typeof value !== 'number' || Number.isFinite(value));
