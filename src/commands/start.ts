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
import { deploymentFacts, withFacts } from '../deployment/provenance.js';
import { isObject } from '../is-object.js';
import { withJobs } from '../jobs/board.js';
import { sharedController } from '../shared-signal.js';
import type { Command, CommandContext } from './command.js';
import { targetNames } from './complete-targets.js';
import { collect, duration } from './options.js';
import { switchNodes } from './single-nodes.js';
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
      .option('--restart', 'stop it first when it runs already')
      .option('--keep', 'let it run on when the kernel that started it is shut down');
  },
  complete: ({ option, context, word }) => (option === undefined ? targetNames(context, word) : []),
  async run(words, options, context) {
    if (await meansNodes(words, context)) {
      await switchNodes('start', words, options, context);
      return 0;
    }
    const [rolesFile, ...more] = words;
    if (more.length > 0)
      throw new UsageError({ asked: 'start takes one roles file', found: words.join(' ') });
    const deployment = await bringUp(rolesFile, options, context);
    try {
      if (options.testScript) return await runTestScript(context);
      if (options.wait) await interrupted(context);
    } finally {
      if (options.wait || options.testScript) await takeDown(deployment, context);
    }
    return 0;
  },
};

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
    if (options.restart) {
      const same = (await manager.list(directory)).filter(
        ({ record }) =>
          record['x-nxc'].composition === build.composition && record['x-nxc'].flavour === build.flavour,
      );
      for (const running of same) await manager.stop(running, jobs);
    }
    return manager.start(
      build,
      {
        directory,
        distribution,
        ...(parameters ? { parameters } : {}),
        ...(notebook === undefined ? {} : { notebook }),
        ...(options.keep ? { keep: true } : {}),
        ...(options.waitTimeout === undefined ? {} : { waitTimeoutMs: options.waitTimeout }),
      },
      jobs,
    );
  });
  const [status, facts] = await Promise.all([deployment.status(), deploymentFacts(deployment.record)]);
  display.show(withFacts(statusTable(deployment, status), facts));
  for (const { name, state, detail } of status) {
    if (state === 'degraded')
      display.write(`${name} is degraded: ${detail ?? 'a unit failed'} (\`nxc logs ${name}\`)\n`, 'stderr');
  }
  return deployment;
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
