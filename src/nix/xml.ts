import { AttrSet } from './attrs.js';
import { isDerivation } from './compare.js';
import type { Evaluation } from './evaluation.js';
import { contextOf, NixString, type Text, withContext } from './text.js';
import { force, Lambda, type Lazy, NixPath } from './value.js';

/** A value as XML text (Nix manual, `builtins.toXML`). */
export function toXml(evaluation: Evaluation, lazy: Lazy, copy: (path: string) => Text): Text {
  const context = new Set<string>();
  const lines = ["<?xml version='1.0' encoding='utf-8'?>", '<expr>'];
  const shown = new Set<string>();
  const write = (item: Lazy, indent: string): void => {
    evaluation.step();
    const value = force(item);
    const empty = (tag: string, text?: string) =>
      lines.push(`${indent}<${tag}${text === undefined ? '' : ` value="${escaped(text)}"`} />`);
    const around = (tag: string, inside: () => void, close = tag.split(' ')[0]) => {
      lines.push(`${indent}<${tag}>`);
      inside();
      lines.push(`${indent}</${close}>`);
    };
    const deeper = `${indent}  `;
    const attributes = (set: AttrSet, at: string) => {
      for (const [name, each] of set) {
        lines.push(`${at}<attr name="${escaped(name)}">`);
        write(each, `${at}  `);
        lines.push(`${at}</attr>`);
      }
    };
    if (value === null) empty('null');
    else if (typeof value === 'boolean') empty('bool', String(value));
    else if (typeof value === 'bigint') empty('int', String(value));
    else if (typeof value === 'number') empty('float', String(value));
    else if (typeof value === 'string' || value instanceof NixString) {
      for (const element of contextOf(value)) context.add(element);
      empty('string', String(value));
    } else if (value instanceof NixPath) empty('path', String(copy(value.path)));
    else if (Array.isArray(value))
      around('list', () => {
        for (const each of value) write(each, deeper);
      });
    else if (isDerivation(value)) {
      const drvPath = value.get('drvPath');
      const path = drvPath === undefined ? '' : String(force(drvPath));
      const outPath = value.get('outPath');
      const out = outPath === undefined ? '' : ` outPath="${escaped(String(force(outPath)))}"`;
      around(`derivation drvPath="${escaped(path)}"${out}`, () => {
        if (shown.has(path)) lines.push(`${deeper}<repeated />`);
        else {
          shown.add(path);
          attributes(value, deeper);
        }
      });
    } else if (value instanceof AttrSet) around('attrs', () => attributes(value, deeper));
    else if (value instanceof Lambda) around('function', () => lambda(value, deeper));
    else empty('unevaluated');
  };
  const lambda = (value: Lambda, indent: string): void => {
    if (!value.formals) {
      lines.push(`${indent}<varpat name="${escaped(value.code.parameter ?? '')}" />`);
      return;
    }
    const ellipsis = value.open ? ' ellipsis="1"' : '';
    const name = value.code.parameter === undefined ? '' : ` name="${escaped(value.code.parameter)}"`;
    lines.push(`${indent}<attrspat${ellipsis}${name}>`);
    for (const formal of [...value.formals.keys()].sort())
      lines.push(`${indent}  <attr name="${escaped(formal)}" />`);
    lines.push(`${indent}</attrspat>`);
  };
  write(lazy, '  ');
  return withContext(`${[...lines, '</expr>'].join('\n')}\n`, context);
}

function escaped(text: string): string {
  const names: Record<string, string> = {
    '"': '&quot;',
    '<': '&lt;',
    '>': '&gt;',
    '&': '&amp;',
    '\n': '&#xA;',
  };
  return text.replace(/["<>&\n]/g, character => names[character]!);
}
