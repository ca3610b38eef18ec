/** Representations of one value by media type; `text/plain` is always there. JSON types hold objects, the others strings (PNG in base64). */
export interface MimeBundle {
  'text/plain': string;
  [mimeType: string]: unknown;
}

/** A value that knows how it looks: a table, a plot, a board of jobs. */
export interface Renderable {
  toMimeBundle(): MimeBundle | Promise<MimeBundle>;
  /** How it looks in a terminal of this width, with ANSI colours; without it `text/plain` is used. */
  toTerminal?(columns: number): string;
  /** True while it may still change: a terminal keeps it below everything else until then. */
  readonly live?: boolean;
}

export function isRenderable(value: unknown): value is Renderable {
  return typeof (value as Renderable | null)?.toMimeBundle === 'function';
}
