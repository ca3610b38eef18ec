import type { Flavour } from '../flavours/flavour.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';
import { CallError } from './calls.js';
import type { Ability, Method } from './methods/method.js';

interface Kind {
  /** What a node has when it has this. */
  what: string;
  of(flavour: Flavour): boolean;
  /** What there is instead. */
  todo: string;
}

const never = () => false;

/** What a method may need of a node and not every flavour has. */
export const abilities: Readonly<Record<Ability, Kind>> = {
  power: {
    what: 'a switch of its own',
    of: flavour => flavour.control !== undefined,
    todo: 'nodes of this flavour start and stop together: nxc start, nxc stop',
  },
  network: {
    what: 'a network that can be changed',
    of: flavour => flavour.inNetwork !== undefined,
    todo: 'stop the service that the others should miss: systemctl stop',
  },
  screen: {
    what: 'a screen and a keyboard',
    of: never,
    todo: 'run commands: execute, succeed',
  },
  monitor: {
    what: 'a virtual machine around it',
    of: never,
    todo: 'run commands: execute, succeed',
  },
  console: {
    what: 'a serial console to type on',
    of: never,
    todo: 'read logs with nxc logs, open a shell with nxc connect',
  },
};

/** Names of the flavours of this version whose nodes have it. */
export async function flavoursWith(ability: Ability): Promise<string[]> {
  const flavours = await Promise.all(flavourNames().map(loadFlavour));
  return flavours.filter(flavour => abilities[ability].of(flavour)).map(flavour => flavour.name);
}

/** A CallError when nodes of that flavour do not have what the method needs: it says which flavours' nodes do. */
export async function requireAbility({ name, needs }: Method, flavour: Flavour): Promise<void> {
  if (!needs || abilities[needs].of(flavour)) return;
  const { what, todo } = abilities[needs];
  const others = await flavoursWith(needs);
  throw new CallError({
    asked: `${name} needs ${what}, and nodes of flavour ${flavour.name} have none`,
    found:
      others.length > 0
        ? `nodes of these flavours have it: ${others.join(', ')}`
        : 'no flavour of this version has it; virtual machines would',
    todo,
  });
}
