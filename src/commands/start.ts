import { existsSync } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { aborted } from '../aborted.js';
import { findBuild, parseBuildName } from '../composition/build-link.js';
import { readBuild } from '../composition/compose-info.js';
import { parseRoleOptions } from '../composition/distribution.js';
import { readDistributionFile } from '../composition/distribution-file.js';
import { compositionFile, compositionName, findProject, openProject } from '../composition/project.js';
import type { Build, RolesDistribution } from '../composition/types.js';
import type { Deployment } from '../deployment/deployment.js';
import { DeploymentError } from '../deployment/errors.js';
import { deploymentFacts, withFacts } from '../deployment/provenance.js';
import type { NodeStatus } from '../flavours/flavour.js';
import { isObject } from '../is-object.js';
import { withJobs } from '../jobs/board.js';
import { sharedController } from '../shared-signal.js';
import type { Command, CommandContext } from './command.js';
import { targetNames } from './complete-targets.js';
import { collect, duration, yesOrNo } from './options.js';
import { switchNodes } from './single-nodes.js';
import { startOrUse } from './start-or-use.js';
import { statusTable } from './status.js';
import { UsageError } from './usage-error.js';

interface StartOptions {
  compositionFlavour?: string;
  flavour?: string;
  role?: string[];
  testScript?: boolean;
  wait?: boolean;
  parameter?: string[];
  parameterFile?: string;
  restart?: boolean;
  keep?: boolean;
  waitTimeout?: number;
  waitUnits?: boolean;
}

export const start: Command<StartOptions> = {
  name: 'start',
  summary: 'bring up the nodes of the newest build; or boot single nodes that are off',
  examples: ['start', 'start -r client=3', 'start -r client=anna,bert -f local', 'start -t', 'start server'],
  configure(program) {
    program
      .argument(
        '[roles_file|nodes...]',
        'YAML or JSON file: role → number of nodes or their names; or, of a running deployment, nodes to boot again',
      )
      .option('-C, --composition-flavour <composition::flavour>', 'build to start; default the newest')
      .option('-f, --flavour <flavour>', 'newest build of this flavour')
      .option(
        '-r, --role <role=nodes>',
        'number of nodes of a role, or their names: client=3, client=a,b',
        collect,
      )
      .option('-t, --test-script', 'run the test script, then stop')
      .option('-w, --wait', 'wait for Ctrl-C (interrupt), then stop')
      .option(
        '-p, --parameter <name=value>',
        'parameter for the nodes, a JSON value or text (repeatable)',
        collect,
      )
      .option('-P, --parameter-file <file>', 'JSON file with parameters for the nodes')
      .option('--wait-timeout <time>', 'give up when the nodes have not booted by then: 90s, 5m', duration)
      .option('--wait-units <yes|no>', 'no: units that failed do not make the start fail', yesOrNo)
      .option('--restart', 'replace what runs already, also when it is of the same build')
      .option(
        '--keep',
        'use what runs already as it is, also when it is of another build; and let it run on when the kernel that started it is shut down',
      )
      .addHelpText('after', help);
  },
  complete: ({ option, context, word }) => (option === undefined ? targetNames(context, word) : []),
  async run(words, options, context) {
    const { waitUnits = true, ...others } = options;
    if (await meansNodes(words, context)) {
      const { deployment, nodes } = await switchNodes('start', words, others, context);
      return verdict(await unitFailures(deployment, nodes), waitUnits, context);
    }
    const [rolesFile, ...more] = words;
    if (more.length > 0)
      throw new UsageError({ asked: 'start takes one roles file', found: words.join(' ') });
    const deployment = await bringUp(rolesFile, options, context);
    try {
      const failed = await unitFailures(deployment, deployment.nodes);
      // Of a test the script is the judge.
      const status = verdict(failed, waitUnits && !options.testScript, context);
      if (options.testScript) return await runTestScript(context);
      if (options.wait) await interrupted(context);
      return status;
    } finally {
      if (options.wait || options.testScript) await takeDown(deployment, context);
    }
  },
};

const help = `
What runs already is used when it is of the same build and has the same nodes and parameters; faults of before are undone. Otherwise it is
restarted, and what ran is named. Exit status: 1 when a unit failed; with -t that of the test script.`;

/** A file of that name is a roles file; anything else is so only while there are no nodes that could be meant. */
async function meansNodes(
  words: readonly string[],
  { workspace, manager }: CommandContext,
): Promise<boolean> {
  if (words.length === 0 || (words.length === 1 && existsSync(resolve(workspace.cwd, words[0]!))))
    return false;
  return (await manager.current(workspace.cwd)) !== undefined;
}

async function bringUp(
  rolesFile: string | undefined,
  options: StartOptions,
  { workspace, display, signal, manager, notebook }: CommandContext,
): Promise<Deployment> {
  const { directory } = findProject(workspace.cwd);
  const wanted = options.compositionFlavour === undefined ? {} : parseBuildName(options.compositionFlavour);
  const { link } = await findBuild(directory, {
    ...wanted,
    ...(options.flavour === undefined ? {} : { flavour: options.flavour }),
  });
  const build = await readBuild(link);
  if (await isOutdated(build, directory)) {
    display.write(
      `! the composition was changed after this build: \`nxc build\` it first, if that is to be started\n`,
      'stderr',
    );
  }
  const distribution: RolesDistribution = {
    ...(rolesFile === undefined ? {} : await readDistributionFile(resolve(workspace.cwd, rolesFile))),
    ...parseRoleOptions(options.role ?? []),
  };
  const parameters = await parametersOf(options, workspace.cwd);
  const deployment = await withJobs(display, signal, async jobs => {
    return startOrUse(
      {
        build,
        choice: { keep: options.keep, restart: options.restart, failedUnits: options.waitUnits === false },
        directory,
        distribution,
        ...(parameters ? { parameters } : {}),
        ...(notebook === undefined ? {} : { notebook }),
        ...(options.keep ? { keep: true } : {}),
        ...(options.waitTimeout === undefined ? {} : { waitTimeoutMs: options.waitTimeout }),
      },
      manager,
      jobs,
      text => display.write(text),
    );
  });
  const [status, facts] = await Promise.all([deployment.status(), deploymentFacts(deployment.record)]);
  display.show(withFacts(statusTable(deployment, status), facts));
  return deployment;
}

async function unitFailures(
  deployment: Deployment,
  nodes: ReadonlyArray<{ name: string }>,
): Promise<NodeStatus[]> {
  const names = new Set(nodes.map(({ name }) => name));
  return (await deployment.status()).filter(({ name, state }) => state === 'degraded' && names.has(name));
}

/** What units that failed come to: the exit status 1, in a notebook an error, or where they do not `count` a line for each node. */
function verdict(
  failed: readonly NodeStatus[],
  count: boolean,
  { display, front }: Pick<CommandContext, 'display' | 'front'>,
): number {
  if (failed.length === 0) return 0;
  const lines = failed.map(
    ({ name, detail }) => `${name} is degraded: ${detail ?? 'a unit failed'} (\`nxc logs ${name}\`)`,
  );
  const todo = 'mend it, build and start again; or accept it with `nxc start --wait-units=no`';
  if (count && front === 'notebook')
    throw new DeploymentError({
      asked: 'the nodes run, but units of them failed',
      found: lines.join('\n'),
      todo,
    });
  display.write(lines.map(line => `${line}\n`).join(''), 'stderr');
  if (!count) return 0;
  display.write(`to do: ${todo}\n`, 'stderr');
  return 1;
}

/** Only for `local`: Nix does not touch the link of a build that comes out the same. */
async function isOutdated({ flavour, composition, link }: Build, directory: string): Promise<boolean> {
  const file = compositionFile(openProject(directory));
  if (flavour !== 'local' || compositionName(file) !== composition) return false;
  const [source, built] = await Promise.all([stat(file).catch(() => undefined), lstat(link)]);
  return source !== undefined && source.mtimeMs > built.mtimeMs;
}

async function parametersOf(
  options: StartOptions,
  cwd: string,
): Promise<Record<string, unknown> | undefined> {
  if (!options.parameter && options.parameterFile === undefined) return undefined;
  const fromFile =
    options.parameterFile === undefined ? {} : await readParameters(resolve(cwd, options.parameterFile));
  return { ...fromFile, ...Object.fromEntries((options.parameter ?? []).map(parseParameter)) };
}

async function readParameters(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isObject(value)) return { ...value };
    throw new Error('it does not hold a JSON object');
  } catch (error) {
    throw new UsageError({ asked: `cannot use the parameter file ${file}`, found: (error as Error).message });
  }
}

function parseParameter(word: string): [string, unknown] {
  const at = word.indexOf('=');
  if (at < 1) throw new UsageError({ asked: `cannot read parameter "${word}"`, todo: 'write -p name=value' });
  const text = word.slice(at + 1);
  try {
    return [word.slice(0, at), JSON.parse(text)];
  } catch {
    return [word.slice(0, at), text];
  }
}

async function runTestScript(context: CommandContext): Promise<number> {
  const { driver } = await import('./driver.js');
  return (await driver.run([], { testScript: true }, context)) ?? 0;
}

async function interrupted({ signal, display }: CommandContext): Promise<void> {
  display.write('It runs until you interrupt.\n');
  // Waiting for a signal alone does not keep a process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  await aborted(signal);
  clearInterval(alive);
}

/** With a signal of its own: it is the interrupt that ends the wait. */
async function takeDown(deployment: Deployment, { display, manager }: CommandContext): Promise<void> {
  await withJobs(display, sharedController().signal, jobs => manager.stop(deployment, jobs));
}
