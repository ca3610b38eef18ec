import { NixError } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { installAll, knownPackages } from './programs.js';

/** Begins the path that stands for a missing package, so that what fails because of it can be recognized. */
export const MISSING = '/missing-package/';

/** A package that this machine does not have. */
export class MissingPackage extends NixError {
  override readonly instead: string;

  constructor(
    readonly attribute: string,
    program: string,
  ) {
    super('evaluation', {
      asked: `the package ${attribute} is not on this machine`,
      nearest: nearest(attribute, knownPackages).filter(name => name !== attribute),
      found: `no program ${program} on PATH`,
      todo: installAll([attribute]),
    });
    this.instead = MISSING + attribute;
  }
}
