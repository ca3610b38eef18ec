import {
  type AttrSet,
  Attrs,
  expectAttrs,
  expectList,
  expectString,
  type Lazy,
  primop,
  type Value,
} from '../../nix/index.js';
import { derivation } from './derivation.js';
import type { Farm } from './farm.js';
import { hostPackage } from './host-packages.js';
import type { HostPrograms } from './host-programs.js';

interface Workshop {
  farm: Farm;
  programs: HostPrograms;
  text(value: Lazy): string;
}

/** pkgs.writers: scripts for an interpreter. Those of `libraries` have to be on this machine. */
export function interpreterWriters({ farm, programs, text }: Workshop): AttrSet {
  const script = (
    name: string,
    attribute: string,
    program: string,
    body: Lazy,
    libraries: () => void,
    bin: boolean,
  ) =>
    derivation({
      name,
      mainProgram: bin ? name : undefined,
      path: () => {
        libraries();
        const interpreter = `${text(hostPackage(attribute, farm, programs))}/bin/${program}`;
        const content = `#!${interpreter}\n${text(body)}`;
        return farm.add(name, {
          [bin ? `bin/${name}` : '']: { kind: 'file', text: content, executable: true },
        });
      },
    });
  const plain = (attribute: string, program: string, bin: boolean): Value =>
    primop('writer', 2, (name, body) => script(expectString(name), attribute, program, body, () => {}, bin));
  const withLibraries = (attribute: string, program: string, bin: boolean): Value =>
    primop('writer', 3, (name, options, body) => {
      const libraries = expectAttrs(options).get('libraries') ?? [];
      const check = () => {
        for (const library of expectList(libraries)) text(library);
      };
      return script(expectString(name), attribute, program, body, check, bin);
    });
  return Attrs.from({
    writeBash: plain('bash', 'bash', false),
    writeBashBin: plain('bash', 'bash', true),
    writePython3: withLibraries('python3', 'python3', false),
    writePython3Bin: withLibraries('python3', 'python3', true),
    writeJS: withLibraries('nodejs', 'node', false),
    writeJSBin: withLibraries('nodejs', 'node', true),
    writePerl: withLibraries('perl', 'perl', false),
    writePerlBin: withLibraries('perl', 'perl', true),
  });
}
