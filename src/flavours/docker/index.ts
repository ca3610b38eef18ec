/**
 * Flavour `docker`: nodes are containers of a compose project, made from the images and the compose file of a Nix build as upstream's are.
 * Compose creates them (start.ts, bring-up.ts); all else is asked of the engine itself (engine/), and everything of a run is
 * found by its labels (labels.ts). Commands reach a node through transports/agent, in a folder that is bound into it (reach.ts).
 */
import type { Flavour } from '../flavour.js';
import { adopt } from './adopt.js';
import { control } from './control.js';
import { leftovers } from './leftovers.js';
import { logs } from './logs.js';
import { inNetwork } from './network.js';
import { remove } from './remove.js';
import { requirements } from './requirements.js';
import { start } from './start.js';
import { status } from './status.js';
import { transport } from './transports.js';

const name = 'docker';

export const docker: Flavour = {
  name,
  description: 'nodes are containers of a Docker Compose project; the build needs Nix',
  // A network of containers is a bridge of Linux, which has 1023 ports.
  mostNodes: 1000,
  requirements,
  build: async (request, jobs) =>
    (await import('../../composition/nix-build.js')).buildWithNix(name, request, jobs),
  start,
  status,
  transport,
  logs,
  control,
  inNetwork,
  adopt,
  stop: remove,
  leftovers,
};
