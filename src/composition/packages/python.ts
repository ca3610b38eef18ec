import { spawnSync } from 'node:child_process';
import { nameFault, shownName } from '../../name.js';
import {
  type AttrSet,
  expectAttrs,
  expectList,
  NixError,
  type Position,
  primop,
  type Value,
  VirtualAttrs,
} from '../../nix/index.js';
import { itemPosition } from '../../nix/item-positions.js';
import { force, type Lazy } from '../../nix/value.js';
import { derivation } from './derivation.js';
import type { Farm } from './farm.js';
import { hostPackage, needsNix } from './host-packages.js';
import type { HostPrograms } from './host-programs.js';
import { MISSING } from './missing-package.js';

/** Packages that are imported by another name than their own. */
const MODULES: Readonly<Record<string, string>> = {
  beautifulsoup4: 'bs4',
  opencv4: 'cv2',
  pillow: 'PIL',
  protobuf: 'google.protobuf',
  pycrypto: 'Crypto',
  pyjwt: 'jwt',
  pyserial: 'serial',
  'python-dateutil': 'dateutil',
  'python-dotenv': 'dotenv',
  pyyaml: 'yaml',
  pyzmq: 'zmq',
  'scikit-learn': 'sklearn',
};

type Call = (fn: Lazy, ...args: Lazy[]) => Value;

/** pkgs.python3 with `withPackages` and `pkgs`: modules have to be importable on this machine. */
export function pythonPackage(attribute: string, farm: Farm, programs: HostPrograms, call: Call): AttrSet {
  const plain = hostPackage(attribute, farm, programs);
  const modules = pythonModules(farm, programs);
  return new VirtualAttrs({
    names: () => [...plain.names(), 'withPackages', 'pkgs'],
    has: name => name === 'withPackages' || name === 'pkgs' || plain.has(name),
    get: name => {
      if (name === 'pkgs') return modules;
      if (name !== 'withPackages') return plain.get(name);
      return primop('withPackages', 1, choose =>
        derivation({
          name: `${attribute}-env`,
          mainProgram: 'python3',
          path: () => {
            checkAll(expectList(call(choose, modules)));
            return String(force(plain.get('outPath')!));
          },
        }),
      );
    },
  });
}

/** pkgs.python3Packages: each module is a package that must be importable when it is used. */
export function pythonModules(farm: Farm, programs: HostPrograms): AttrSet {
  return new VirtualAttrs({
    names: () => Object.keys(MODULES),
    has: () => true,
    get: name =>
      derivation({
        name,
        path: () => {
          const python = programs.find('python3');
          const fault = nameFault('package', name);
          if (fault !== undefined) {
            throw new NixError('evaluation', {
              asked: `a Python package cannot be called ${shownName(name)}`,
              found: fault,
            });
          }
          const module = Object.hasOwn(MODULES, name) ? MODULES[name]! : name.replaceAll('-', '_');
          if (python === undefined || !canImport(python, module))
            throw new AbsentModules([{ name, module, python }]);
          return farm.add(`python3-${name}`, {});
        },
        uncallable: () =>
          needsNix(`the function pkgs.python3Packages.${name}`, `pkgs.python3Packages.${name}`),
      }),
  });
}

/** Modules that this machine lacks are one error, with all of their names. */
function checkAll(items: readonly Lazy[]): void {
  const absent: Absent[] = [];
  let place: Position | undefined;
  items.forEach((item, index) => {
    try {
      force(expectAttrs(item).get('outPath')!);
    } catch (error) {
      if (!(error instanceof AbsentModules)) throw error;
      place ??= itemPosition(items, index);
      absent.push(...error.modules);
    }
  });
  if (absent.length > 0) throw new AbsentModules(absent, place);
}

const answers = new Map<string, boolean>();

function canImport(python: string, module: string): boolean {
  const key = `${python}\0${module}`;
  const known = answers.get(key);
  // What was missing may have been installed since; what was there stays.
  if (known) return known;
  // The working folder is no place of modules: Python would run what a project has there.
  const code =
    'import sys; sys.path[:] = [p for p in sys.path if p]; import importlib.util as u; sys.exit(u.find_spec(sys.argv[1]) is None)';
  const answer = spawnSync(python, ['-c', code, module], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  answers.set(key, answer);
  return answer;
}

interface Absent {
  name: string;
  module: string;
  python: string | undefined;
}

/** Python packages that this machine cannot import. */
class AbsentModules extends NixError {
  override readonly instead = `${MISSING}python3`;

  constructor(
    readonly modules: readonly Absent[],
    position?: Position,
  ) {
    const all = [...new Map(modules.map(one => [one.name, one])).values()];
    const list = (of: (one: Absent) => string, separator = ', '): string => all.map(of).join(separator);
    const { python } = all[0]!;
    super(
      'evaluation',
      {
        asked:
          all.length === 1
            ? `the Python package ${list(({ name }) => name)} is not on this machine`
            : `the Python packages ${list(({ name }) => name)} are not on this machine`,
        found:
          python === undefined
            ? 'no python3 on PATH'
            : `${python} cannot import ${list(({ module }) => module)}`,
        todo:
          `get ${all.length === 1 ? 'it' : 'them'} (pip install ${list(({ name }) => name, ' ')}, ` +
          `apt install ${list(({ name }) => `python3-${name}`, ' ')}), or build for a flavour with Nix: -f docker`,
      },
      position,
    );
  }
}
