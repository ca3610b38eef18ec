import { NixError } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { installAll, isKnown, knownPackages } from './programs.js';

/** Begins the path that stands for a missing package, so that what fails because of it can be recognized. */
export const MISSING = '/missing-package/';

/** A package that this machine does not have. */
export class MissingPackage extends NixError {
  override readonly instead: string;
  /** Whether the system's package managers may have it. */
  readonly installable: boolean;

  /**
   * @param attribute in nixpkgs, with the set that it is in
   * @param repository of NUR, for packages that are not nixpkgs'
   */
  constructor(
    readonly attribute: string,
    program: string,
    repository?: string,
  ) {
    super('evaluation', {
      asked:
        repository === undefined
          ? `the package ${attribute} is not on this machine`
          : `the package ${attribute} of the NUR repository ${repository} is not on this machine`,
      nearest:
        repository === undefined && !attribute.includes('.') && !isKnown(attribute)
          ? nearest(attribute, knownPackages)
          : [],
      found: `no program ${program} on PATH`,
      todo:
        repository === undefined
          ? installAll([attribute])
          : `put a program ${program} on PATH (neither the system's packages nor nixpkgs have those of NUR), or build for a flavour with Nix: -f docker`,
    });
    this.instead = MISSING + attribute;
    this.installable = repository === undefined;
  }
}
