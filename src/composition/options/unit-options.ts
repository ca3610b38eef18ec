import type { Lazy } from '../../nix/index.js';
import { anything, attrsOf, listOf, nullOr, oneOf } from '../modules/composite-types.js';
import { mergeEqual } from '../modules/merge.js';
import { Option, type Options } from '../modules/option.js';
import { bool, int, lines, packageType, path, str } from '../modules/scalar-types.js';
import { submodule } from '../modules/submodule-type.js';
import type { OptionType } from '../modules/type.js';
import { installed } from './environment.js';
import { tmpfileRule } from './tmpfiles.js';

const names = new Option(listOf(str));
const text = new Option(lines, { default: '' });
const flag = (fallback: boolean) => new Option(bool, { default: fallback });

/** A value of serviceConfig or unitConfig: one, or a list when the directive may stand several times. */
const directive: OptionType = {
  description: 'a value or a list of values',
  check: () => true,
  merge: (place, definitions) =>
    definitions.some(({ value }) => Array.isArray(value))
      ? definitions.flatMap(({ value }) => (Array.isArray(value) ? (value as Lazy[]) : [value]))
      : mergeEqual(place, definitions),
};

/** systemd.services.<name>. */
const service: Options = {
  enable: flag(true),
  description: new Option(str, { default: '' }),
  after: names,
  before: names,
  requires: names,
  requisite: names,
  bindsTo: names,
  wants: names,
  upholds: names,
  wantedBy: names,
  requiredBy: names,
  upheldBy: names,
  script: text,
  preStart: text,
  postStart: text,
  preStop: text,
  postStop: text,
  reload: text,
  scriptArgs: new Option(str, { default: '' }),
  environment: new Option(attrsOf(nullOr(oneOf([str, path, packageType, int, bool])))),
  path: new Option(listOf(oneOf([installed, str]))),
  serviceConfig: new Option(attrsOf(directive)),
  unitConfig: new Option(attrsOf(directive)),
  startLimitBurst: new Option(nullOr(int), { default: null }),
  startLimitIntervalSec: new Option(nullOr(int), { default: null }),
  // About things that do not happen here: a switch to another generation, other units' fate.
  documentation: names,
  partOf: names,
  conflicts: names,
  onFailure: names,
  onSuccess: names,
  aliases: names,
  restartIfChanged: flag(true),
  reloadIfChanged: flag(false),
  stopIfChanged: flag(true),
  enableStrictShellChecks: flag(false),
  restartTriggers: new Option(listOf(anything)),
  reloadTriggers: new Option(listOf(anything)),
  confinement: new Option(attrsOf(anything)),
  notSocketActivated: flag(false),
  name: new Option(str, { default: '' }),
  overrideStrategy: new Option(str, { default: 'asDropinIfExists' }),
};

/** systemd.*: services, and the files they need before they start. */
export const systemd: Options = {
  systemd: {
    services: new Option(attrsOf(submodule(service))),
    targets: new Option(attrsOf(anything)),
    tmpfiles: { rules: new Option(listOf(tmpfileRule)) },
  },
};
