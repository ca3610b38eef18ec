import { resolveTargets } from '../composition/targets.js';
import type { Node } from '../composition/types.js';
import type { Deployment } from '../deployment/deployment.js';
import { Table } from '../display/table.js';
import { formatDuration } from '../duration.js';
import * as faults from '../faults/index.js';
import { withJobs } from '../jobs/board.js';
import { type Measured, measure } from '../network/check.js';
import { shapingOf } from '../network/shape.js';
import {
  formatLoss,
  formatRate,
  parseDelay,
  parseLoss,
  parseRate,
  type Shaping,
} from '../network/shaping.js';
import type { Command, CommandContext } from './command.js';
import { targetNames } from './complete-targets.js';
import { UsageError } from './usage-error.js';

interface NetOptions extends Shaping {
  check?: boolean;
}

export const net: Command<NetOptions> = {
  name: 'net',
  summary: 'make the network of nodes slow and lossy, and measure it',
  examples: [
    'net server --rate 10mbit',
    'net @client --rate 1mbit --delay 20ms --loss 1%',
    'net show',
    'net server --check',
    'net clear @client',
  ],
  configure(program) {
    program
      .argument('[show|clear]', 'tell how nodes are shaped, or let them send as they can again')
      .argument('[target...]', 'nodes: names, @role, globs, comma lists; for show and clear default all')
      .option('--rate <rate>', 'what a node sends at most: 10mbit, 500kbit, 2mbps (bytes)', parseRate)
      .option('--delay <time>', 'what it sends arrives so much later: 20ms', parseDelay)
      .option('--loss <percent>', 'so much of what it sends is lost: 1%', parseLoss)
      .option('--check', 'then measure what arrives at another node, four seconds a node')
      .addHelpText('after', help);
  },
  complete: async ({ option, args, word, context }) =>
    option === undefined
      ? [...(args.length === 0 ? ['show', 'clear'] : []), ...(await targetNames(context, word))]
      : [],
  async run([first, ...more], { check, ...shaping }, context) {
    const deployment = await context.manager.require(context.workspace.cwd);
    const act = first === 'show' || first === 'clear' ? first : undefined;
    const targets = act || first === undefined ? more : [first, ...more];
    const nodes = targets.length > 0 ? resolveTargets(deployment.nodes, targets) : deployment.nodes;
    const shapes = Object.keys(shaping).length > 0;
    if (shapes && (act || targets.length === 0)) {
      throw new UsageError({
        asked: act ? `net ${act} sets nothing` : 'which nodes?',
        todo: 'name them to shape them: nxc net NODE --rate 10mbit',
      });
    }
    const up = await running(deployment, nodes, shapes || act === 'clear');
    const names = up.map(({ name }) => name);
    if (act === 'clear') await faults.unshape(deployment, names, context.signal);
    if (shapes) await faults.shape(deployment, names, shaping, context.signal);
    await show(deployment, up, check ?? false, context);
    return 0;
  },
};

const help = `
What a node sends is shaped, on its way to every other node; for both directions shape both ends. Options that are not named
are removed. Delay and loss need netem in this machine's kernel, a rate does not. A node that was off starts with a
network that is not shaped.`;

/** Those of the nodes that have a network now; that one has none is an error where it `must`. */
async function running(deployment: Deployment, nodes: readonly Node[], must: boolean): Promise<Node[]> {
  await faults.requireNetwork(deployment);
  const states = new Map((await deployment.status()).map(({ name, state }) => [name, state]));
  const isUp = ({ name }: Node) => states.get(name) !== 'off' && states.get(name) !== 'gone';
  const off = nodes.filter(node => !isUp(node)).map(({ name }) => name);
  if (off.length > 0 && must) {
    throw new UsageError({
      asked: `the network of ${off.join(', ')} cannot be shaped: ${off.length > 1 ? 'they do' : 'it does'} not run`,
      todo: `start ${off.length > 1 ? 'them' : 'it'} first: nxc start ${off.join(' ')}`,
    });
  }
  return nodes.filter(isUp);
}

async function show(
  deployment: Deployment,
  nodes: readonly Node[],
  check: boolean,
  { display, signal }: CommandContext,
): Promise<void> {
  const { flavour, record } = deployment;
  const inNetwork = ({ name }: Node) => flavour.inNetwork!(record, name);
  // What comes back is shaped by the node at the other end.
  const all = check ? await running(deployment, deployment.nodes, false) : nodes;
  const shapings = new Map(
    await Promise.all(
      all.map(async node => [node.name, (await shapingOf(inNetwork(node), signal)) ?? {}] as const),
    ),
  );
  if (!check) {
    display.show(
      new Table(
        nodes.map(({ name }) => ({ node: name, ...written(shapings.get(name)!) })),
        { limit: 400 },
      ),
    );
    return;
  }
  const rows = await withJobs(display, signal, async jobs => {
    const found = [];
    for (const node of nodes) {
      const peer = peerOf(node, nodes, all);
      const job = jobs.job('measure', { node: node.name });
      const own = shapings.get(node.name)!;
      const measured = await measure(
        { inNetwork: inNetwork(node), shaping: own },
        { inNetwork: inNetwork(peer), address: peer.address! },
        jobs.signal,
      );
      job.finish(`what arrives at ${peer.name}`);
      found.push(compared(node.name, peer.name, own, shapings.get(peer.name)!, measured));
    }
    return found;
  });
  display.show(new Table(rows, { limit: 400 }));
}

/** Where it is measured what arrives: a node that is not itself asked about, if there is one. */
function peerOf(node: Node, asked: readonly Node[], all: readonly Node[]): Node {
  const others = all.filter(({ name }) => name !== node.name);
  const peer = others.find(other => !asked.includes(other)) ?? others[0];
  if (peer) return peer;
  throw new UsageError({ asked: `nothing can be measured of ${node.name}`, found: 'no other node runs' });
}

const unset = '–';

function written({ rate, delay, loss }: Shaping) {
  return {
    'rate set': rate === undefined ? unset : formatRate(rate),
    'delay set': delay === undefined ? unset : formatDuration(delay),
    'loss set': loss === undefined ? unset : formatLoss(loss),
  };
}

function compared(node: string, peer: string, own: Shaping, other: Shaping, measured: Measured) {
  const { 'rate set': rate, 'loss set': loss } = written(own);
  const there = (own.delay ?? 0) + (other.delay ?? 0);
  return {
    from: node,
    to: peer,
    'rate set': rate,
    'rate measured': formatRate(measured.rate),
    'round trip set': there === 0 ? unset : formatDuration(there),
    'round trip measured':
      measured.roundTrip === undefined ? 'no answer' : formatDuration(measured.roundTrip),
    'loss set': loss,
    'loss measured': formatLoss(measured.loss),
  };
}
