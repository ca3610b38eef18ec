import { resolveTargets } from '../composition/targets.js';
import type { Deployment } from '../deployment/deployment.js';
import { Table } from '../display/table.js';
import { fanOut } from '../driver/fan-out.js';
import * as faults from '../faults/index.js';
import { cuts } from '../network/partition.js';
import { nearest } from '../suggest.js';
import type { Command, CommandContext } from './command.js';
import { targetNames } from './complete-targets.js';
import { UsageError } from './usage-error.js';

type Act = (deployment: Deployment, targets: readonly string[], context: CommandContext) => Promise<void>;

/** What can be done, in the order of the help page. */
const acts: Readonly<Record<string, Act>> = {
  kill: each((deployment, node) => faults.crash(deployment, node), 'is off, as after a power cut'),
  pause: each((deployment, node) => faults.pause(deployment, node), 'is frozen'),
  resume: each((deployment, node) => faults.resume(deployment, node), 'goes on'),
  partition,
  heal,
  show,
};

export const fault: Command = {
  name: 'fault',
  summary: 'kill, freeze and cut off nodes, and undo it',
  examples: [
    'fault kill server',
    'fault partition s1 s2,s3',
    'fault partition @client',
    'fault heal',
    'fault show',
  ],
  configure(program) {
    program
      .argument('<act>', 'kill, pause, resume, partition, heal or show')
      .argument(
        '[targets...]',
        'nodes: names, @role, globs, comma lists; for partition one word for each group',
      )
      .addHelpText('after', help);
  },
  async complete({ before, word, context }) {
    if (before.length === 0) return Object.keys(acts);
    return targetNames(context, word);
  },
  async run([act = '', ...targets], _options, context) {
    const perform = Object.hasOwn(acts, act) ? acts[act]! : undefined;
    if (!perform) {
      throw new UsageError({
        asked: `there is no fault "${act}"`,
        nearest: nearest(act, Object.keys(acts)),
        found: `faults are ${Object.keys(acts).join(', ')}`,
      });
    }
    await perform(await context.manager.require(context.workspace.cwd), targets, context);
    return 0;
  },
};

const help = `
  kill       ends nodes at once, as a power cut does; \`nxc start NODE\` boots them again, their disk survives
  pause      freezes every process of nodes until resume; the network still acknowledges what is sent to them
  partition  lets nodes of different groups lose whatever they send each other; one group is cut off from all other nodes
  heal       undoes every partition
  show       tells what is off, frozen and cut off now

A cut outlives the restart of a node. Plots mark the time of a fault.`;

function each(work: (deployment: Deployment, node: string) => Promise<void>, outcome: string): Act {
  return async (deployment, targets, { display }) => {
    const nodes = chosen(deployment, targets);
    await fanOut(nodes, ({ name }) => work(deployment, name));
    for (const { name } of nodes) display.write(`${name} ${outcome}\n`);
  };
}

function chosen(deployment: Deployment, targets: readonly string[]) {
  if (targets.length > 0) return resolveTargets(deployment.nodes, targets);
  throw whichNodes();
}

const whichNodes = () =>
  new UsageError({ asked: 'which nodes?', todo: 'name them: names, @role, globs, comma lists' });

async function partition(
  deployment: Deployment,
  targets: readonly string[],
  { display, signal }: CommandContext,
): Promise<void> {
  if (targets.length === 0) throw whichNodes();
  const named = targets.map(target => resolveTargets(deployment.nodes, [target]).map(({ name }) => name));
  const rest = deployment.nodes.map(({ name }) => name).filter(name => !named[0]?.includes(name));
  const groups = named.length === 1 ? [named[0]!, rest] : named;
  const twice = groups.flat().find((name, index, all) => all.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError({ asked: `${twice} cannot be in two groups at once` });
  if (groups.some(group => group.length === 0)) {
    throw new UsageError({
      asked: 'there is no other node left to be cut off from',
      found: 'the group is all nodes',
    });
  }
  const off = await faults.partition(deployment, groups, signal);
  display.write(`${groups.map(group => group.join(',')).join(' | ')} are cut off from each other\n`);
  if (off.length > 0) display.write(`off now, and cut off when started again: ${off.join(', ')}\n`);
}

async function heal(
  deployment: Deployment,
  targets: readonly string[],
  { display, signal }: CommandContext,
): Promise<void> {
  if (targets.length > 0)
    throw new UsageError({ asked: 'heal undoes every partition', todo: 'name no nodes' });
  const healed = await faults.heal(deployment, signal);
  display.write(healed.length > 0 ? 'all nodes reach each other again\n' : 'no node was cut off\n');
}

async function show(
  deployment: Deployment,
  targets: readonly string[],
  { display, signal }: CommandContext,
): Promise<void> {
  const wanted = new Set(
    (targets.length > 0 ? chosen(deployment, targets) : deployment.nodes).map(({ name }) => name),
  );
  const cut = await cuts(deployment, signal);
  const rows = (await deployment.status()).flatMap(({ name, state }) => {
    const from = cut.flatMap(([a, b]) => (a === name ? [b] : b === name ? [a] : []));
    const faulty = from.length > 0 || state === 'off' || state === 'paused' || state === 'gone';
    return faulty && wanted.has(name) ? [{ node: name, state, 'cut off from': from.join(', ') }] : [];
  });
  if (rows.length === 0) display.write('no node is off, frozen or cut off\n');
  else display.show(new Table(rows, { limit: 400 }));
}
