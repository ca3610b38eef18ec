import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseBuildName } from '../composition/build-link.js';
import { evaluateLocal, planLocal } from '../composition/local-build.js';
import { evaluateWithNix, planWithNix, updateInputs } from '../composition/nix-build.js';
import { nixFlags } from '../composition/nix-flags.js';
import { findProject } from '../composition/project.js';
import { loadSetup, parseSetupParams } from '../composition/setup.js';
import type { BuildRequest, Project } from '../composition/types.js';
import { chooseFlavour } from '../deployment/choose-flavour.js';
import { withJobs } from '../jobs/board.js';
import { quote } from '../process/quote.js';
import type { Command, CommandContext } from './command.js';
import { listBuildNames } from './list-builds.js';
import { listFlavours } from './list-flavours.js';
import { collect } from './options.js';
import { UsageError } from './usage-error.js';

interface BuildOptions {
  flavour?: string;
  listFlavours?: boolean;
  compositionFlavour?: string;
  listCompositionsFlavours?: boolean;
  outLink?: string;
  setup?: string;
  setupParam?: string[];
  impure?: boolean;
  nixFlags?: string;
  showTrace?: boolean;
  updateFlake?: boolean;
  dryRun?: boolean;
  dryBuild?: boolean;
  monitor?: boolean;
}

/** What is built, and for which flavour. */
type Choice = BuildRequest & { flavour: string };

export const build: Command<BuildOptions> = {
  name: 'build',
  summary: 'build the composition for a flavour',
  examples: ['build', 'build -f docker', 'build other.nix -p workers=4', 'build -C web::docker'],
  configure(program) {
    program
      .argument('[composition_file]', 'composition to build; default from nxc.json, else composition.nix')
      .option(
        '-f, --flavour <flavour>',
        'flavour to build for; default from setup.toml, nxc.json, else local',
      )
      .option('-F, --list-flavours', 'list the flavours')
      .option(
        '-C, --composition-flavour <composition::flavour>',
        'composition (of several) and flavour at once',
      )
      .option('-L, --list-compositions-flavours', 'list what can be built')
      .option('-o, --out-link <path>', 'where the result goes instead of build/<composition>::<flavour>')
      .option('-s, --setup <variant>', 'variant of setup.toml, for this build only')
      .option(
        '-p, --setup-param <name=value>',
        'parameter of setup.toml, for this build only (repeatable)',
        collect,
      )
      .option('-u, --update-flake', 'update flake.lock to the newest revisions of its inputs first')
      .option('--impure', 'let the composition read files outside of the project')
      .option('--nix-flags <flags>', 'more options for nix build: --nix-flags "--offline"')
      .option('--show-trace', 'show how Nix came to an error')
      .option('--dry-run', 'show what this command would do')
      .option('--dry-build', 'evaluate, build nothing, and print the store path of the result')
      .option('--monitor', "has no effect: the build's progress is always shown, without nix-output-monitor");
  },
  async run([compositionFile], options, context) {
    const { workspace, display, signal, manager } = context;
    if (options.listFlavours) {
      display.show(listFlavours());
      return 0;
    }
    const project = findProject(workspace.cwd);
    const named = compositionFile === undefined ? undefined : resolve(workspace.cwd, compositionFile);
    // From where the user is, as Tab completes it; else from the project's folder, as upstream has it.
    const file = named !== undefined && existsSync(named) ? named : compositionFile;
    const choice = await choose(project, file, options);
    if (options.listCompositionsFlavours) {
      display.show(await listBuildNames(choice, context));
      return 0;
    }
    if (choice.flavour === 'local') refuseForLocal(options);
    if (options.dryRun) display.write(await describe(choice));
    else {
      if (options.updateFlake) await withJobs(display, signal, jobs => updateInputs(choice, jobs));
      if (options.dryBuild) display.write(`${await evaluate(choice, context)}\n`);
      else await withJobs(display, signal, jobs => manager.build(choice, jobs));
    }
    return 0;
  },
};

async function choose(
  project: Project,
  compositionFile: string | undefined,
  options: BuildOptions,
): Promise<Choice> {
  const setup = options.setup === undefined ? {} : { setup: options.setup };
  const named = options.compositionFlavour ?? (await nameOfSetup(project, options));
  const both = named === undefined ? undefined : parseBuildName(named);
  const asked = both?.flavour ?? options.flavour;
  const flavour = await chooseFlavour(project, { ...(asked === undefined ? {} : { asked }), ...setup });
  const flags = [
    ...(options.showTrace ? ['--show-trace'] : []),
    ...(options.impure && flavour !== 'local' ? ['--impure'] : []),
    ...(options.nixFlags === undefined ? [] : nixFlags(options.nixFlags)),
  ];
  return {
    project,
    flavour,
    ...setup,
    ...(compositionFile === undefined ? {} : { compositionFile }),
    ...(both ? { compositionName: both.composition } : {}),
    ...(options.impure ? { impure: true } : {}),
    ...(options.outLink === undefined ? {} : { outLink: options.outLink }),
    ...(options.setupParam ? { setupParams: parseSetupParams(options.setupParam) } : {}),
    ...(flags.length > 0 ? { nixFlags: flags } : {}),
  };
}

/** `composition-flavour` of setup.toml, for builds that choose neither. */
async function nameOfSetup(project: Project, { flavour, setup }: BuildOptions): Promise<string | undefined> {
  if (flavour !== undefined) return undefined;
  const { options } = await loadSetup(project.directory, setup === undefined ? {} : { variant: setup });
  return options['composition-flavour'] as string | undefined;
}

/** What is about Nix has no meaning for the flavour that needs none. */
function refuseForLocal({ nixFlags, updateFlake }: BuildOptions): void {
  const [option] = [nixFlags !== undefined && '--nix-flags', updateFlake && '-u'].filter(Boolean);
  if (!option) return;
  throw new UsageError({
    asked: `${option} means nothing for the flavour local`,
    found: 'local evaluates composition.nix by itself and reads no flake',
    todo: 'leave it out, or build for a flavour that Nix builds: nxc build -f docker',
  });
}

function evaluate(choice: Choice, { display, signal }: CommandContext): Promise<string> {
  return withJobs(display, signal, jobs =>
    choice.flavour === 'local' ? evaluateLocal(choice, jobs) : evaluateWithNix(choice.flavour, choice, jobs),
  );
}

async function describe(choice: Choice): Promise<string> {
  const { directory } = choice.project;
  const local = choice.flavour === 'local';
  const { file, link, replaced, command } = local
    ? await planLocal(choice)
    : await planWithNix(choice.flavour, choice);
  const rows = [
    ['project', directory],
    ['composition', relative(directory, file)],
    ['would make', relative(directory, link)],
    ['replaced in a copy', replaced.map(path => relative(directory, path)).join(', ')],
    ['would run', command?.map(quote).join(' ') ?? 'nothing: this program evaluates it'],
  ] as const;
  return rows
    .filter(([, text]) => text)
    .map(([title, text]) => `${title.padEnd(21)}${text}\n`)
    .join('');
}
