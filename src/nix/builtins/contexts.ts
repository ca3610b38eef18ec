import { Attrs } from '../attrs.js';
import { NixError } from '../error.js';
import { expectAttrs, expectBool, expectList, expectString, expectText } from '../expect.js';
import { contextOf, withContext } from '../text.js';
import type { Lazy } from '../value.js';
import type { Builtins } from './builtin.js';

export const contextBuiltins: Builtins = {
  hasContext: text => contextOf(expectText(text)).size > 0,
  unsafeDiscardStringContext: text => String(expectText(text)),
  unsafeDiscardOutputDependency: value => {
    const text = expectText(value);
    const context = [...contextOf(text)].map(element => element.replace(/^=/, ''));
    return withContext(String(text), new Set(context));
  },
  addDrvOutputDependencies: value => {
    const text = expectText(value);
    const context = [...contextOf(text)].map(element => (element.endsWith('.drv') ? `=${element}` : element));
    return withContext(String(text), new Set(context));
  },
  getContext: text => {
    const paths = new Map<string, { path: boolean; allOutputs: boolean; outputs: string[] }>();
    for (const element of contextOf(expectText(text))) {
      const [, output, path] = /^(?:!([^!]*)!|=)?(.*)$/s.exec(element) as unknown as [
        string,
        string?,
        string?,
      ];
      const entry = paths.get(path!) ?? { path: false, allOutputs: false, outputs: [] };
      paths.set(path!, entry);
      if (output !== undefined) entry.outputs.push(output);
      else if (element.startsWith('=')) entry.allOutputs = true;
      else entry.path = true;
    }
    return Attrs.from(
      [...paths].map(([path, entry]) => {
        const told: Record<string, Lazy> = {};
        if (entry.path) told.path = true;
        if (entry.allOutputs) told.allOutputs = true;
        if (entry.outputs.length) told.outputs = entry.outputs.sort();
        return [path, Attrs.from(told)] as const;
      }),
    );
  },
  appendContext: (value, set) => {
    const text = expectText(value);
    const context = new Set(contextOf(text));
    for (const [path, entry] of expectAttrs(set)) {
      if (!path.startsWith('/nix/store/')) throw new NixError('evaluation', `'${path}' is not a store path`);
      const told = expectAttrs(entry);
      const given = (name: string) => told.has(name) && expectBool(told.get(name)!);
      if (given('path')) context.add(path);
      if (given('allOutputs')) context.add(`=${path}`);
      const outputs = told.get('outputs');
      for (const output of outputs === undefined ? [] : expectList(outputs)) {
        context.add(`!${expectString(output)}!${path}`);
      }
    }
    return withContext(String(text), context);
  },
};
