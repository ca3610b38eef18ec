import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import ini from 'highlight.js/lib/languages/ini';
import json from 'highlight.js/lib/languages/json';
import nix from 'highlight.js/lib/languages/nix';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { optionLines } from '../../option-lines.js';
import { escapeHtml } from './html.js';

const languages = { bash, css, ini, json, nix, python, typescript, xml, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);
hljs.registerAliases(['toml'], { languageName: 'ini' });

/** Source of a known language as HTML spans; of another one as escaped text. */
export function highlight(code: string, language: string): string {
  if (!hljs.getLanguage(language)) return escapeHtml(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

export interface CellLanguage {
  /** Name for highlighting. */
  name: string;
  /** What a reader is told the cell is. */
  label: string;
}

/** What a cell is written in: its cell magic decides, else the notebook's language. */
export function languageOfCell(source: string, notebookLanguage: string): CellLanguage {
  const words = /^%%(.*)/.exec(source)?.[1]?.trim().split(/\s+/) ?? [];
  const [magic, argument] = words;
  const option = (name: string): string | undefined => {
    const at = words.findIndex(word => word === name || word.startsWith(`${name}=`));
    return at < 0 ? undefined : (words[at]!.split('=')[1] ?? words[at + 1]);
  };
  if (magic === 'writefile') {
    const file = words.slice(1).find(word => !word.startsWith('-')) ?? '';
    return { name: languageOfFile(file), label: `writes ${file}` };
  }
  if (magic === 'node') {
    const language = option('--lang') ?? 'bash';
    return { name: languageOfProgram(language), label: `${language} on ${argument ?? 'nodes'}` };
  }
  if (magic === 'sh' || magic === 'bash') return { name: 'bash', label: 'shell' };
  if (magic === 'nxc' && argument === 'driver') return { name: 'python', label: 'Python driver' };
  const lines = source.split('\n').filter(line => !/^\s*(\/\/|$)/.test(line));
  if (lines.length > 0 && lines.every(line => /^\s*%/.test(line)))
    return { name: notebookLanguage, label: 'commands' };
  const titles: Record<string, string> = {
    typescript: 'TypeScript',
    javascript: 'JavaScript',
    python: 'Python',
  };
  return { name: notebookLanguage, label: titles[notebookLanguage] ?? notebookLanguage };
}

function languageOfFile(file: string): string {
  const extension = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  const names: Record<string, string> = {
    mjs: 'typescript',
    cjs: 'typescript',
    lock: 'json',
    ipynb: 'json',
    service: 'ini',
  };
  return names[extension] ?? extension;
}

function languageOfProgram(program: string): string {
  if (/^python/.test(program)) return 'python';
  if (/^(node|deno|bun|tsx)/.test(program)) return 'typescript';
  return /sh$/.test(program) ? 'bash' : program;
}

/**
 * A cell's source as HTML. Magics are set apart: the first line of a cell magic, and lines that begin with `%` among
 * TypeScript, which go through the highlighter as comments so that what stands around them is still read as one program.
 */
export function highlightCell(source: string, language: CellLanguage): string {
  const count = optionLines(source)?.count ?? 0;
  if (count === 0) return highlightCode(source, language);
  const lines = source.split('\n');
  const comments = lines.slice(0, count).map(line => `<span class="hljs-comment">${escapeHtml(line)}</span>`);
  return [...comments, highlightCode(lines.slice(count).join('\n'), language)].join('\n');
}

function highlightCode(source: string, language: CellLanguage): string {
  const magics: string[] = [];
  const isCellMagic = source.startsWith('%%');
  const keep = (line: string): string => `//\uE000${magics.push(line) - 1}\uE001`;
  const [first = '', ...rest] = source.split('\n');
  if (isCellMagic) {
    const head = magicHtml(first);
    return rest.length ? `${head}\n${highlight(rest.join('\n'), language.name)}` : head;
  }
  const code = source.replace(/^\s*%.*/gm, keep);
  return highlight(code, language.name)
    .replace(/<span class="hljs-comment">\/\/\uE000(\d+)\uE001<\/span>/g, (_, n) =>
      magicHtml(magics[Number(n)]!),
    )
    .replace(/\/\/\uE000(\d+)\uE001/g, (_, n) => escapeHtml(magics[Number(n)]!));
}

function magicHtml(line: string): string {
  const [, name = '', rest = ''] = /^(\s*%{1,2}\S*)(.*)$/s.exec(line) ?? [];
  return `<span class="magic"><span class="magic-name">${escapeHtml(name)}</span>${escapeHtml(rest)}</span>`;
}
