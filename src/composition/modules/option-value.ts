import { NixError } from '../../nix/error.js';
import { force, Thunk } from '../../nix/value.js';
import { type Definition, holds, type Place, showPlace } from './definition.js';
import { type Final, finalDefinitions, mergeFinal } from './merge.js';
import { NoValue } from './no-value.js';
import type { Option } from './option.js';
import type { Modules } from './type.js';

/** An option with what modules define for it: its value, and what is known of how it came about. */
export class OptionValue {
  #final: { found: Final | undefined } | undefined;
  readonly value = Thunk.of(() => this.#compute());

  constructor(
    readonly place: Place,
    readonly option: Option,
    private readonly given: () => Definition[],
    private readonly modules: Modules,
  ) {}

  /** The definitions that count, the default among them; undefined when there are none. */
  final(): Final | undefined {
    this.#final ??= { found: finalDefinitions(this.#definitions()) };
    return this.#final.found;
  }

  #definitions(): Definition[] {
    const { default: fallback, readOnly } = this.option.parts;
    const definitions = this.given();
    if (readOnly) checkReadOnly(this.place, fallback === undefined ? 1 : 0, definitions);
    return fallback === undefined ? definitions : [defaultDefinition(fallback), ...definitions];
  }

  #compute() {
    const { place, option } = this;
    const final = this.final();
    const { apply } = option.parts;
    if (final === undefined && !option.type.empty) throw new NoValue(place);
    const merged =
      final === undefined
        ? option.type.empty!(place, this.modules)
        : mergeFinal(place, option.type, final, this.modules);
    return force(apply === undefined ? merged : this.modules.call(apply, merged));
  }
}

/** Unlike a definition, what a default says is not looked into as long as others win over it. */
function defaultDefinition(value: Definition['value']): Definition {
  return { value, position: undefined, conditions: [], priority: 1500, order: 1000, sealed: true };
}

function checkReadOnly(place: Place, most: number, definitions: readonly Definition[]): void {
  const counting = definitions.filter(holds);
  const extra = counting[most];
  if (!extra) return;
  throw new NixError(
    'throw',
    {
      asked: `the option ${showPlace(place)} is read-only`,
      found: most === 0 ? 'it has a default, and is defined' : 'it is defined more than once',
    },
    extra.position,
  );
}
