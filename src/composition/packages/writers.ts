import {
  type AttrSet,
  expectAttrs,
  expectList,
  expectString,
  type Lazy,
  primop,
  type Value,
} from '../../nix/index.js';
import { force } from '../../nix/value.js';
import { quote } from '../../process/quote.js';
import { derivation } from './derivation.js';
import type { Entries, Farm } from './farm.js';
import type { HostPrograms } from './host-programs.js';

interface Workshop {
  farm: Farm;
  programs: HostPrograms;
  /** A value as interpolation makes it a string. */
  text(value: Lazy): string;
}

/** pkgs.writeText and its relatives: packages made of text, without a build. */
export function writers({ farm, programs, text }: Workshop): Record<string, Value> {
  const file = (name: string, content: () => string, executable = false, place = ''): AttrSet =>
    derivation({
      name,
      mainProgram: place.startsWith('bin/') ? place.slice(4) : undefined,
      path: () => farm.add(name, { [place]: { kind: 'file', text: content(), executable } }),
    });
  const shell = (): string => programs.find('bash') ?? '/bin/sh';
  const script = (body: Lazy): string => `#!${shell()}\n${text(body)}`;
  /** A writer of name and text. */
  const writer = (name: string, make: (name: string, body: Lazy) => AttrSet): Value =>
    primop(name, 2, (title, body) => make(expectString(title), body));

  return {
    runtimeShell: shell(),
    writeText: writer('writeText', (name, body) => file(name, () => text(body))),
    writeTextDir: primop('writeTextDir', 2, (place, body) => {
      const path = expectString(place);
      return file(path.split('/').at(-1)!, () => text(body), false, path);
    }),
    writeTextFile: primop('writeTextFile', 1, argument => {
      const set = expectAttrs(argument);
      const destination = set.has('destination') ? expectString(set.get('destination')!) : '';
      const executable = set.has('executable') && force(set.get('executable')!) === true;
      return file(
        expectString(set.get('name')!),
        () => text(set.get('text')!),
        executable,
        destination.replace(/^\/+/, ''),
      );
    }),
    writeScript: writer('writeScript', (name, body) => file(name, () => text(body), true)),
    writeScriptBin: writer('writeScriptBin', (name, body) =>
      file(name, () => text(body), true, `bin/${name}`),
    ),
    writeShellScript: writer('writeShellScript', (name, body) => file(name, () => script(body), true)),
    writeShellScriptBin: writer('writeShellScriptBin', (name, body) =>
      file(name, () => script(body), true, `bin/${name}`),
    ),
    writeShellApplication: primop('writeShellApplication', 1, argument => {
      const set = expectAttrs(argument);
      const name = expectString(set.get('name')!);
      const content = (): string => {
        const inputs = set.has('runtimeInputs') ? expectList(set.get('runtimeInputs')!) : [];
        const folders = inputs.map(input => `${text(input)}/bin`).join(':');
        const path = folders ? `export PATH=${quote(folders)}:"$PATH"\n` : '';
        return `#!${shell()}\nset -o errexit -o nounset -o pipefail\n${path}${text(set.get('text')!)}\n`;
      };
      return file(name, content, true, `bin/${name}`);
    }),
    symlinkJoin: primop('symlinkJoin', 1, argument => join(argument, farm, text)),
    buildEnv: primop('buildEnv', 1, argument => join(argument, farm, text)),
    linkFarm: primop('linkFarm', 2, (title, list) => linkFarm(expectString(title), list, farm, text)),
  };
}

/** The packages of `paths` in one; the first that has a file wins. */
function join(argument: Lazy, farm: Farm, text: Workshop['text']): AttrSet {
  const set = expectAttrs(argument);
  const name = expectString(set.get('name') ?? set.get('pname')!);
  return derivation({
    name,
    path: () => {
      const merged: Record<string, Entries[string]> = {};
      for (const item of expectList(set.get('paths')!)) {
        const path = text(item);
        const entries = farm.entriesOf(path) ?? {};
        for (const place of Object.keys(entries))
          merged[place] ??= { kind: 'link', target: `${path}/${place}` };
      }
      return farm.add(name, merged);
    },
  });
}

/** Links by name: a list of { name, path } or a set name → path. */
function linkFarm(name: string, argument: Lazy, farm: Farm, text: Workshop['text']): AttrSet {
  return derivation({
    name,
    path: () => {
      const value = force(argument);
      const links = Array.isArray(value)
        ? value.map(item => {
            const link = expectAttrs(item);
            return [expectString(link.get('name')!), link.get('path')!] as const;
          })
        : [...expectAttrs(value)];
      return farm.add(
        name,
        Object.fromEntries(
          links.map(([place, target]) => [place, { kind: 'link', target: text(target) } as const]),
        ),
      );
    },
  });
}
