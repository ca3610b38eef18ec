import type { Completion } from '../../session/interpreter.js';
import type { Place } from '../excerpt.js';

/** What the language process can be asked. Requests are answered in order. */
export interface LanguageRequests {
  /** Takes in a cell that ran; gives the declarations of all that was learned, as `restore` takes them. */
  learn: { parameters: { code: string }; result: string };
  restore: { parameters: { learned: string }; result: null };
  /** Replaces the ambient declarations (d.ts text). */
  declare: { parameters: { declarations: string }; result: null };
  complete: { parameters: { code: string; cursor: number }; result: Completion };
  inspect: { parameters: { code: string; cursor: number }; result: Explanation | null };
  diagnose: { parameters: { code: string }; result: Diagnosis[] };
}

/** What a name is: its declaration as TypeScript writes it, its documentation as Markdown. */
export interface Explanation {
  signature: string;
  documentation: string;
}

export interface Diagnosis {
  /** In the code that was asked about. */
  place: Place;
  message: string;
  /** TypeScript's number of the error: 2322 is TS2322. */
  code: number;
}

export type LanguageMethod = keyof LanguageRequests;
export interface LanguageRequest {
  id: number;
  method: LanguageMethod;
  parameters: unknown;
}
export type LanguageAnswer =
  | { ready: true }
  | { id: number; result: unknown }
  | { id: number; error: string };
