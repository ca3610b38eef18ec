import { NixError } from '../../nix/index.js';

/** Sets of packages inside pkgs, whose members are programs too. */
export const SCOPES =
  /^(nodePackages(_latest)?|linuxPackages(_.*)?|xorg|perlPackages|perl\d*Packages|rubyPackages(_.*)?|luaPackages|lua\d*Packages|phpPackages|php\d*Packages|haskellPackages|ocamlPackages|gnome|gnome3|xfce|mate|lxqt|libsForQt5|plasma5Packages|kdePackages|beamPackages|elmPackages|pkgsStatic|pkgsMusl|pkgsi686Linux|unixtools|llvmPackages.*|gst_all_1|fishPlugins|vimPlugins|tmuxPlugins)$/;

const FETCH =
  'put the files into the project and refer to them by path, or build for a flavour with Nix: -f docker';
const WRITE =
  'write the files with pkgs.writeText or as files of the project, or build for a flavour with Nix: -f docker';

/** Functions that only make sense with a builder. */
const BUILDERS: ReadonlySet<string> = new Set(
  `runCommand runCommandLocal runCommandCC runCommandWith runCommandNoCC mkShell mkShellNoCC mkDerivation replaceVars
  replaceVarsWith replaceDependency replaceDependencies substitute substituteAll substituteAllFiles applyPatches srcOnly
  concatText concatScript linkFarmFromDrvs onlyBin makeSetupHook makeDesktopItem makeFontsConf makeInitrd closureInfo
  writeClosure writeReferencesToFile writeDirectReferencesToFile referencesByPopularity nixos extend appendOverlays overrideCC
  overrideDerivation newScope makeScope callPackages portableService mkNugetDeps mkNugetSource emptyDirectory emptyFile`.split(
    /\s+/,
  ),
);

export const needsBuilder = (name: string): boolean =>
  BUILDERS.has(name) || isFetcher(name) || /^build[A-Z]\w*$/.test(name);

const isFetcher = (name: string): boolean => /^(fetch[A-Za-z]\w*|requireFile|fetchurl)$/.test(name);

/** Something of pkgs that only Nix can do. */
export function builderNeeded(name: string): never {
  throw new NixError('evaluation', {
    asked: `pkgs.${name} builds with Nix, and the flavour local has none`,
    todo: isFetcher(name) ? FETCH : WRITE,
  });
}
