import sanitizeHtml from 'sanitize-html';
import { escapeHtml } from './html.js';

/** Inline images a page may hold: no address that leads out of the file. */
const IMAGE = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]/i;

const LENGTH = /^-?[\d.]+(?:px|em|rem|%|ch|pt|vw)?$/;
const COLOUR = /^(?:#[\da-f]{3,8}|(?:rgb|hsl)a?\([\d\s.,%/deg]+\)|[a-z]+)$/i;
const READABLE = /^color-mix\(in oklab, [\w#(),.%\s/]+ 50%, var\(--ink\)\)$/;
const WORD = /^[a-z\d-]+$/i;

const style = {
  color: [READABLE, COLOUR],
  background: [COLOUR],
  'background-color': [COLOUR],
  'font-weight': [WORD],
  'font-style': [WORD],
  'font-family': [/^[\w\s,'"-]+$/],
  'font-size': [LENGTH],
  'font-variant-numeric': [WORD],
  'text-align': [WORD],
  'vertical-align': [WORD],
  'white-space': [WORD],
  display: [/^(?:block|inline|inline-block|flex|inline-flex|grid|table|table-row|table-cell|none)$/],
  gap: [LENGTH],
  width: [LENGTH],
  'min-width': [LENGTH],
  'max-width': [LENGTH],
  height: [LENGTH],
  'line-height': [LENGTH],
  'border-radius': [LENGTH],
  border: [/^[\w\s#.]+$/],
  'border-bottom': [/^[\w\s#.]+$/],
  'border-left': [/^[\w\s#.]+$/],
  'border-collapse': [WORD],
  padding: [/^[\d\s.a-z%]+$/],
  margin: [/^-?[\d\s.a-z%]+$/],
  overflow: [WORD],
};

const tables = ['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'];
const text = [
  'a',
  'abbr',
  'b',
  'code',
  'del',
  'em',
  'i',
  'ins',
  'kbd',
  'mark',
  'q',
  's',
  'samp',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'u',
  'var',
  'br',
  'wbr',
];
const blocks = [
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'p',
  'div',
  'pre',
  'blockquote',
  'hr',
  'ul',
  'ol',
  'li',
  'dl',
  'dt',
  'dd',
  'details',
  'summary',
  'figure',
  'figcaption',
  'section',
];

const options: sanitizeHtml.IOptions = {
  allowedTags: [...tables, ...text, ...blocks, 'img', 'progress', 'meter'],
  allowedAttributes: {
    '*': ['style', 'class', 'title', 'lang', 'dir'],
    a: ['href', 'rel'],
    img: ['src', 'alt', 'width', 'height'],
    td: ['colspan', 'rowspan', 'nowrap'],
    th: ['colspan', 'rowspan', 'scope', 'nowrap'],
    ol: ['start', 'reversed', 'type'],
    details: ['open'],
    progress: ['value', 'max', 'aria-label'],
    meter: ['value', 'min', 'max', 'low', 'high', 'optimum', 'aria-label'],
    ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(tag => [tag, ['id']])),
  },
  // Classes of the page itself are out of reach, so that a cell cannot dress up as the report.
  allowedClasses: { '*': ['hljs-*', 'language-*', 'math', 'math-block', 'nxc-*'] },
  allowedStyles: { '*': style },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  nestingLimit: 100,
  transformTags: {
    '*': (tagName, attribs) => ({
      tagName,
      attribs: attribs.style ? { ...attribs, style: readable(attribs.style) } : attribs,
    }),
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer' } }),
    img: (tagName, attribs) =>
      IMAGE.test(attribs.src ?? '')
        ? { tagName, attribs: { ...attribs, alt: attribs.alt ?? '' } }
        : {
            tagName: 'em',
            attribs: {},
            text: `[image not included: ${attribs.alt || attribs.src || 'no name'}]`,
          },
  },
};

/** A text colour was chosen for one ground and is shown on two, light and dark: half of it becomes the page's own ink. */
function readable(style: string): string {
  if (/background/i.test(style)) return style;
  return style.replace(/(^|;)(\s*color\s*:\s*)([^;!]+)/i, (whole, before, name, colour: string) =>
    COLOUR.test(colour.trim())
      ? `${before}${name}color-mix(in oklab, ${colour.trim()} 50%, var(--ink))`
      : whole,
  );
}

/** HTML of a notebook without anything that runs, loads or leads out of the page: no script, handler, frame, form, style sheet, foreign image. */
export function sanitise(html: string): string {
  return sanitizeHtml(html, options);
}

/** An image of a notebook's output. `data` is base64, of SVG its text; as `<img>` an SVG runs no script and loads nothing. */
export function imageHtml(
  type: string,
  data: string,
  alt: string,
  size?: { width?: unknown; height?: unknown },
): string {
  const base64 =
    type === 'image/svg+xml' ? Buffer.from(data).toString('base64') : data.replace(/[^A-Za-z\d+/=]/g, '');
  const attribute = (name: 'width' | 'height'): string =>
    typeof size?.[name] === 'number' ? ` ${name}="${size[name]}"` : '';
  return `<img src="data:${type};base64,${base64}" alt="${escapeHtml(alt)}"${attribute('width')}${attribute('height')}>`;
}
