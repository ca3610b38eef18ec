import { findProject } from '../composition/project.js';
import { type Deployment, deploymentName } from '../deployment/deployment.js';
import { Table } from '../display/table.js';
import { formatDuration } from '../duration.js';
import type { NodeStatus } from '../flavours/flavour.js';
import { visible } from '../visible.js';
import type { Command, CommandContext } from './command.js';
import { warnOfUnusable } from './unusable.js';
import { localTime } from './whose.js';

interface StatusOptions {
  all?: boolean;
}

export const status: Command<StatusOptions> = {
  name: 'status',
  summary: 'show the nodes that run',
  examples: ['status', 'status --all'],
  configure(program) {
    program.option('-a, --all', 'every deployment of yours on this machine, and what is left of dead ones');
  },
  async run(_args, options, context) {
    return options.all ? showAll(context) : showProject(context);
  },
};

/** The nodes of one deployment, with what they are part of. */
export function statusTable(deployment: Deployment, nodes: readonly NodeStatus[]): Table {
  const { run, started, movedFrom } = deployment.record['x-nxc'];
  const moved = movedFrom === undefined ? '' : `, moved from ${visible(movedFrom)}`;
  return new Table(
    nodes.map(({ name, role, address, state, uptime, detail }) => ({
      node: name,
      role,
      address: address ?? '',
      state,
      up: uptime === undefined ? '' : formatDuration(uptime * 1000),
      ...(nodes.some(node => node.detail) ? { detail: detail ?? '' } : {}),
    })),
    {
      title: `${deploymentName(deployment)}, run ${run}, started ${localTime(started)}${moved}`,
      limit: 400,
      whole: ['detail'],
    },
  );
}

async function showProject({ workspace, display, manager }: CommandContext): Promise<number> {
  const current = await manager.current(workspace.cwd);
  const project = current ? current.record['x-nxc'].project : findProject(workspace.cwd).directory;
  const deployments = await manager.list(project);
  let shown = 0;
  for (const deployment of deployments) {
    const nodes = await deployment.status();
    if (deployment.brokeOff) {
      display.write(
        `${deploymentName(deployment)}: its start was interrupted (\`nxc start\` starts it again, \`nxc stop\` removes it)\n`,
      );
      shown++;
      continue;
    }
    if (nodes.every(({ state }) => state === 'gone')) {
      display.write(
        `${deploymentName(deployment)} is dead: all of its nodes are gone (\`nxc clean\` forgets it)\n`,
      );
      continue;
    }
    display.show(statusTable(deployment, nodes));
    if (deployment.stopping)
      display.write(
        `${deploymentName(deployment)} is being stopped, or its stop was cut off (\`nxc stop\` ends it)\n`,
        'stderr',
      );
    shown++;
  }
  const unusable = await warnOfUnusable({ manager, display }, project);
  if (shown + unusable === 0) display.write(`nothing of ${project} is running (\`nxc start\` starts it)\n`);
  return 0;
}

async function showAll({ display, manager }: CommandContext): Promise<number> {
  const unusable = await warnOfUnusable({ manager, display });
  const deployments = await manager.list();
  if (deployments.length > 0) {
    const rows = await Promise.all(
      deployments.map(async deployment => {
        const { run, project, started, owner } = deployment.record['x-nxc'];
        const up = (await deployment.status()).filter(({ state }) => state !== 'gone').length;
        return {
          deployment: deploymentName(deployment),
          nodes: stateOf(deployment, up),
          project,
          run,
          started: localTime(started),
          owner,
        };
      }),
    );
    display.show(new Table(rows, { limit: 400 }));
  }
  const leftovers = await manager.leftovers();
  if (leftovers.length > 0) {
    display.show(
      new Table(
        leftovers.map(({ flavour, run, what, project, running }) => ({
          leftover: what,
          flavour,
          run,
          alive: running ? 'yes' : 'no',
          project: project ?? '',
        })),
        {
          title:
            'Left behind by runs without a record (`nxc clean` removes dead ones, with --force all of them)',
          limit: 400,
        },
      ),
    );
  }
  if (deployments.length + leftovers.length + unusable === 0)
    display.write('nothing of yours is running on this machine\n');
  return 0;
}

function stateOf(deployment: Deployment, up: number): string {
  if (deployment.brokeOff) return 'its start was interrupted';
  const count = `${up}/${deployment.nodes.length} up`;
  return deployment.stopping ? `${count}, stopping` : count;
}
