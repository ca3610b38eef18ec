import {
  type AttrSet,
  Attrs,
  type Lazy,
  type NixError,
  primop,
  Thunk,
  VirtualAttrs,
} from '../../nix/index.js';

interface Parts {
  name: string;
  version?: string;
  /** Program that lib.getExe means. */
  mainProgram?: string;
  /** Computes the path; throws NixError when the package is not on this machine. */
  path(): string;
  extra?: Readonly<Record<string, Lazy>>;
  /** What to say of an attribute that it does not have, and to who calls it. */
  missing?(attribute: string): NixError;
  uncallable?(): NixError;
}

/** A package as Nix code sees it. Its path is looked for when something needs it, not before. */
export function derivation({ name, version = '0', mainProgram, path, extra = {}, ...hooks }: Parts): AttrSet {
  const outPath = Thunk.of(path);
  const self: () => AttrSet = () => set;
  // Every output is the package itself; it cannot be changed, so overriding gives it back.
  const outputs = ['out', 'bin', 'dev', 'lib', 'man', 'doc', 'all'];
  const own: Record<string, Lazy> = {
    type: 'derivation',
    name: version === '0' ? name : `${name}-${version}`,
    pname: name,
    version,
    outPath,
    drvPath: outPath,
    outputName: 'out',
    outputs: ['out'],
    system: nixSystem(),
    meta: Attrs.from(mainProgram === undefined ? { available: true } : { mainProgram, available: true }),
    passthru: Attrs.from({}),
    override: primop('override', 1, self),
    overrideAttrs: primop('overrideAttrs', 1, self),
    ...extra,
  };
  const set: AttrSet = new VirtualAttrs({
    names: () => Object.keys(own),
    has: key => Object.hasOwn(own, key) || outputs.includes(key),
    get: key => (Object.hasOwn(own, key) ? own[key] : outputs.includes(key) ? set : undefined),
    ...hooks,
  });
  return set;
}

/** `x86_64-linux`. */
export function nixSystem(): string {
  const processors: Record<string, string> = {
    x64: 'x86_64',
    arm64: 'aarch64',
    ppc64: 'powerpc64le',
    arm: 'armv7l',
  };
  return `${processors[process.arch] ?? process.arch}-${process.platform}`;
}
