import MarkdownIt from 'markdown-it';
import type { MimeData } from '../ipynb/notebook.js';
import { highlight } from './highlight.js';
import { escapeHtml } from './html.js';
import { sanitise } from './sanitise.js';

export interface Heading {
  level: number;
  text: string;
  id: string;
}

/** Renders the markdown of one report: heading ids are unique over all its cells. */
export class Markdown {
  readonly headings: Heading[] = [];
  /** Begins with the page's own. */
  readonly #ids = new Set(['main', 'provenance', 'provenance-title', 'toggle-code']);
  readonly #parser = new MarkdownIt({
    html: true,
    linkify: true,
    highlight: (code, language) =>
      highlight(code, language === 'ts' || language === 'js' ? 'typescript' : language),
  })
    .use(math)
    .use(tables);

  /** Safe HTML. `attachments` are a cell's own images. */
  render(source: string, attachments: Record<string, MimeData> = {}): string {
    const tokens = this.#parser.parse(source, {});
    tokens.forEach((token, index) => {
      if (token.type === 'heading_open') {
        const inline = tokens[index + 1]!;
        const text = (inline.children ?? [])
          .filter(child => child.type === 'text' || child.type === 'code_inline')
          .map(child => child.content)
          .join('');
        const id = this.#uniqueId(text);
        token.attrSet('id', id);
        this.headings.push({ level: Number(token.tag.slice(1)), text, id });
      }
      for (const child of token.children ?? []) {
        if (child.type !== 'image') continue;
        const name = /^attachment:(.+)$/.exec(child.attrGet('src') ?? '')?.[1];
        const data = name && attachments[decoded(name)];
        const [type, base64] = Object.entries(data || {})[0] ?? [];
        if (type) child.attrSet('src', `data:${type};base64,${String(base64).replace(/\s/g, '')}`);
      }
    });
    return sanitise(this.#parser.renderer.render(tokens, this.#parser.options, {}));
  }

  /** A line of text. */
  inline(text: string): string {
    return sanitise(this.#parser.renderInline(text));
  }

  /** Takes an id of the page; false when it is taken already, or is none. */
  claim(id: string): boolean {
    if (!/^[\w:.-]+$/.test(id) || /^cell-\d+$/.test(id) || this.#ids.has(id)) return false;
    this.#ids.add(id);
    return true;
  }

  /** As JupyterLab makes them (spaces become hyphens), so that a notebook's own `#Links` work in its report. */
  #uniqueId(text: string): string {
    const words = text.trim().replace(/\s+/g, '-') || 'section';
    const base = /^cell-\d+$/.test(words) ? `${words}-section` : words;
    let id = base;
    for (let n = 1; this.#ids.has(id); n++) id = `${base}-${n}`;
    this.#ids.add(id);
    return id;
  }
}

/** The parser encodes what is no URL; a name may also have a percent sign of its own. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** TeX is not typeset, but kept whole: markdown must not read its `_` and `*` as emphasis. */
function math(parser: MarkdownIt): void {
  const inline = /\$\$([^$]+)\$\$|\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)|\\\\\((.+?)\\\\\)/y;
  parser.inline.ruler.before('escape', 'math', (state, silent) => {
    inline.lastIndex = state.pos;
    const match = inline.exec(state.src);
    if (!match) return false;
    if (!silent) state.push('math', 'code', 0).content = match[1] ?? match[2] ?? match[3] ?? '';
    state.pos = inline.lastIndex;
    return true;
  });
  parser.block.ruler.before('paragraph', 'math_block', (state, startLine, endLine, silent) => {
    const line = (n: number): string => state.src.slice(state.bMarks[n]! + state.tShift[n]!, state.eMarks[n]);
    const first = line(startLine);
    const environment = /^\\begin\{(\w+\*?)\}/.exec(first)?.[1];
    if (!environment && !first.startsWith('$$')) return false;
    const end = environment ? `\\end{${environment}}` : '$$';
    let last = startLine;
    const closes = (n: number): boolean =>
      line(n)
        .slice(n === startLine && !environment ? 2 : 0)
        .trimEnd()
        .endsWith(end);
    while (last < endLine && !closes(last)) last++;
    if (last >= endLine) return false;
    if (silent) return true;
    const text = Array.from({ length: last - startLine + 1 }, (_, i) => line(startLine + i))
      .join('\n')
      .trim();
    state.push('math_block', 'pre', 0).content = environment ? text : text.slice(2, -2).trim();
    state.line = last + 1;
    return true;
  });
  parser.renderer.rules.math = (tokens, index) =>
    `<span class="math">${escapeHtml(tokens[index]!.content)}</span>`;
  parser.renderer.rules.math_block = (tokens, index) =>
    `<pre class="math-block">${escapeHtml(tokens[index]!.content)}</pre>\n`;
}

/** A wide table scrolls in its own box. */
function tables(parser: MarkdownIt): void {
  parser.renderer.rules.table_open = () => '<div class="nxc-scroll"><table>';
  parser.renderer.rules.table_close = () => '</table></div>';
}
