import { stripVTControlCharacters } from 'node:util';

/**
 * One line of what `nix --log-format internal-json` writes to standard error (Nix's logging.cc, JSONLogger).
 * Ids are text: a process id times 2^32 and a counter, they go beyond what a number holds exactly.
 */
export type LogRecord =
  | {
      action: 'start';
      id: string;
      /** Absent before Nix 2.10. */
      parent?: string;
      /** See `ActivityType`; newer versions of Nix have more. */
      type: number;
      text: string;
      fields: readonly unknown[];
    }
  | { action: 'stop'; id: string }
  | { action: 'result'; id: string; type: number; fields: readonly unknown[] }
  | {
      action: 'message';
      level: number;
      /** As Nix words it, with its `error: ` and what was near the place, without colours. */
      text: string;
      file?: string;
      line?: number;
      column?: number;
    }
  /** Everything else that came on standard error. */
  | { action: 'text'; text: string };

/** Levels of messages. */
export const LEVEL = { error: 0, warning: 1, notice: 2, info: 3, talkative: 4 } as const;

const PREFIX = '@nix ';

/** Never throws: a line that cannot be understood is text. */
export function parseLogLine(line: string): LogRecord {
  if (!line.startsWith(PREFIX)) return { action: 'text', text: plainText(line) };
  const record = parse(line.slice(PREFIX.length));
  return (record && understand(record)) ?? { action: 'text', text: plainText(line) };
}

/** What programs print, without colours and other control characters that would upset a terminal. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    // Inside of a JSON string the quote after the name would have a backslash before it.
    const value: unknown = JSON.parse(json.replace(/"(id|parent)":\s*(\d+)/g, '"$1":"$2"'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function understand(record: Record<string, unknown>): LogRecord | undefined {
  const { action, id, type } = record;
  if (action === 'msg') return message(record);
  if (typeof id !== 'string') return undefined;
  if (action === 'stop') return { action, id };
  if (typeof type !== 'number') return undefined;
  const fields: unknown[] = Array.isArray(record.fields) ? record.fields : [];
  if (action === 'result') return { action, id, type, fields };
  if (action !== 'start') return undefined;
  const { parent } = record;
  return {
    action,
    id,
    type,
    fields,
    text: plainText(String(record.text ?? '')),
    ...(typeof parent === 'string' && parent !== '0' ? { parent } : {}),
  };
}

function message({ level, msg, file, line, column }: Record<string, unknown>): LogRecord | undefined {
  if (typeof msg !== 'string') return undefined;
  return {
    action: 'message',
    level: typeof level === 'number' ? level : LEVEL.info,
    text: plainText(msg),
    ...(typeof file === 'string' ? { file } : {}),
    ...(typeof line === 'number' ? { line } : {}),
    ...(typeof column === 'number' ? { column } : {}),
  };
}
