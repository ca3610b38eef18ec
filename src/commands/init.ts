import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { ProjectError } from '../composition/errors.js';
import {
  listFlakeTemplates,
  parseTemplateReference,
  readFlakeTemplate,
} from '../composition/flake-templates.js';
import { flavourCatalogue } from '../composition/flavour-catalogue.js';
import { flavourIn, lookAt, type ProjectPart, templateOf } from '../composition/project-parts.js';
import { readTemplate, type TemplateFiles, templates } from '../composition/templates.js';
import type { Display } from '../display/display.js';
import { Table } from '../display/table.js';
import { flavourNames } from '../flavours/registry.js';
import { withJobs } from '../jobs/board.js';
import { registerFlake } from '../nix-cli/registry.js';
import { nearest } from '../suggest.js';
import { writeError } from '../write-error.js';
import type { Command, CommandContext } from './command.js';
import { listFlavours } from './list-flavours.js';

interface InitOptions {
  template: string;
  defaultFlavour?: string;
  listFlavours?: boolean;
  listFlavoursJson?: boolean;
  listTemplates?: boolean;
  listTemplatesJson?: boolean;
  register?: string | true;
  symlink: boolean;
  disableDetection?: boolean;
  force?: boolean;
}

/** Where NixOS Compose is developed; its own templates name it too. */
const UPSTREAM = 'git+https://gitlab.inria.fr/nixos-compose/nixos-compose.git';

const json = (value: unknown) => `${JSON.stringify(value, null, 4)}\n`;

export const init: Command<InitOptions> = {
  name: 'init',
  summary: 'make a project in ./nxc from a template',
  examples: ['init', 'init -t webserver', 'init -t client-server -f docker', 'init -t nxc#npb-mpi'],
  configure(program) {
    program
      .option(
        '-t, --template <name>',
        `what to begin with: ${Object.keys(templates).join(', ')}, or FLAKE#name`,
        'basic',
      )
      .option('-f, --default-flavour <flavour>', 'flavour that builds use when none is asked for')
      .option('-F, --list-flavours', 'list the flavours')
      .option('--list-flavours-json', 'list the flavours as JSON')
      .option('--list-templates', 'list the templates; with -t FLAKE# those of that flake')
      .option('--list-templates-json', 'list the templates as JSON')
      .option(
        '--register [flake]',
        "only make `nxc` a name for upstream's flake (or this one) in your Nix registry",
      )
      .option('--no-symlink', 'make no link nxc.json beside the folder nxc')
      .option('--force', 'write over files of a project that is there')
      .option('-n, --disable-detection', 'do not look on which platform this runs');
  },
  complete({ option }) {
    if (option === '--template') return Object.keys(templates);
    return option === '--default-flavour' ? Object.keys(flavourCatalogue) : [];
  },
  async run(_args, options, context) {
    const { workspace, display } = context;
    if (options.register !== undefined) await register(options.register, context);
    else if (options.listTemplatesJson) display.write(json(await listTemplates(options, context)));
    else if (options.listTemplates) display.show(templateTable(await listTemplates(options, context)));
    else if (options.listFlavoursJson) display.write(json(flavourCatalogue));
    else if (options.listFlavours) display.show(listFlavours());
    else {
      const files = await filesOf(options, context);
      display.write(await createProject(workspace.cwd, files, options));
      warnOfFlavour(options.defaultFlavour, display);
    }
    return 0;
  },
};

async function register(flake: string | true, context: CommandContext): Promise<void> {
  const reference = flake === true ? UPSTREAM : flake;
  const { cwd } = context.workspace;
  await withJobs(context.display, context.signal, jobs => registerFlake('nxc', reference, cwd, jobs));
}

function listTemplates(
  { template }: InitOptions,
  { workspace, display, signal }: CommandContext,
): Promise<Readonly<Record<string, string>>> {
  const reference = parseTemplateReference(template);
  if (!reference) return Promise.resolve(templates);
  return withJobs(display, signal, jobs => listFlakeTemplates(reference.flake, workspace.cwd, jobs));
}

const templateTable = (all: Readonly<Record<string, string>>): Table =>
  new Table(Object.entries(all).map(([template, description]) => ({ template, description })));

function filesOf(
  { template }: InitOptions,
  { workspace, display, signal }: CommandContext,
): Promise<TemplateFiles> {
  const reference = parseTemplateReference(template);
  if (!reference) return Promise.resolve(readTemplate(template));
  return withJobs(display, signal, jobs => readFlakeTemplate(reference, workspace.cwd, jobs));
}

/** Writes the template's files and the link, but for those that are there; returns what to tell the user. */
async function createProject(cwd: string, template: TemplateFiles, options: InitOptions): Promise<string> {
  const files: TemplateFiles = {
    ...template,
    'nxc.json': { content: settings(template['nxc.json']?.content, options), executable: false },
  };
  const project = lookAt(projectHome(cwd), files, options.symlink);
  if (!options.force) refuseAnother(cwd, project, options);
  const where = options.symlink ? '' : ' in folder nxc';
  if (project.every(({ state }) => state === 'same'))
    return `already there: ${project.map(({ path }) => relative(cwd, path)).join(', ')}\nnext: nxc build and nxc start${where}\n`;
  const lines = [];
  for (const part of project) lines.push(await put(cwd, part, options));
  return [...lines, `next: edit nxc/composition.nix, then nxc build and nxc start${where}`, ''].join('\n');
}

/** Where the folder nxc goes: here, or above when this is the folder nxc of a project, as after `%cd nxc`. */
const projectHome = (cwd: string): string =>
  basename(cwd) === 'nxc' && existsSync(join(cwd, 'nxc.json')) && existsSync(join(cwd, 'flake.nix'))
    ? dirname(cwd)
    : cwd;

/** Makes what is missing, and leaves alone what is there, unless it is forced to. Returns what it did. */
async function put(cwd: string, { path, state, make }: ProjectPart, { force }: InitOptions): Promise<string> {
  const name = relative(cwd, path);
  if (state === 'same') return `there   ${name}`;
  if (state === 'changed' && !force)
    return `kept    ${name}: it was changed (\`nxc init --force\` writes the template's)`;
  try {
    if (state === 'changed') await rm(path);
    await make();
  } catch (error) {
    throw writeError(`cannot write ${path}`, error);
  }
  return `${state === 'changed' ? 'replace' : 'create '} ${name}`;
}

/** A project is taken for one that this init made when something in it is as this init makes it, and nothing as another one does. */
function refuseAnother(
  cwd: string,
  project: readonly ProjectPart[],
  { template, defaultFlavour }: InitOptions,
): void {
  const changed = project.filter(({ state }) => state === 'changed');
  const [found, todo] = [
    changed.map(({ path }) => relative(cwd, path)).join(', '),
    'work in another folder, or move these away; `--force` writes over them',
  ];
  if (changed.length > 0 && !project.some(({ state }) => state === 'same'))
    throw new ProjectError({ asked: 'init overwrites nothing', found, todo });
  const other = changed.map(({ path }) => templateOf(path)).find(name => name !== undefined);
  if (other !== undefined && other !== template)
    throw new ProjectError({
      asked: `the project that is there was made from the template ${other}, not from ${template}`,
      found,
      todo,
    });
  const flavour = flavourIn(join(projectHome(cwd), 'nxc/nxc.json'));
  if (defaultFlavour !== undefined && flavour !== undefined && flavour !== defaultFlavour)
    throw new ProjectError({
      asked: `the project that is there has the default flavour ${flavour}, not ${defaultFlavour}`,
      found: 'nxc/nxc.json',
      todo: 'change default_flavour there, or build with `nxc build -f`',
    });
}

/** nxc.json of the template with what was asked for; a template of another flake may have none. */
function settings(template: Buffer | undefined, options: InitOptions): Buffer {
  const value = parseSettings(template?.toString() ?? '{}');
  const flavour = options.defaultFlavour;
  if (flavour !== undefined) {
    if (!Object.hasOwn(flavourCatalogue, flavour)) {
      throw new ProjectError({
        asked: `there is no flavour "${flavour}"`,
        nearest: nearest(flavour, Object.keys(flavourCatalogue)),
        found: `flavours are ${Object.keys(flavourCatalogue).join(', ')}`,
      });
    }
    value.default_flavour = flavour;
  }
  if (!options.disableDetection && isGrid5000(hostname())) value.platform = 'Grid5000';
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

function parseSettings(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new ProjectError({
      asked: 'nxc.json of the template is not valid JSON',
      found: (error as Error).message,
      cause: error,
    });
  }
}

/** Grid'5000 names its machines <host>.<site>.grid5000.fr. No lookup: a missing DNS must not stop `init`. */
function isGrid5000(name: string): boolean {
  return name.split('.')[2] === 'grid5000';
}

/** Projects are shared with upstream's tool, which has every flavour, so the name may stand in nxc.json. */
function warnOfFlavour(flavour: string | undefined, display: Display): void {
  if (flavour === undefined || flavourNames().includes(flavour)) return;
  const here = flavourNames();
  display.write(
    `warning: this version builds flavour ${flavour} with Nix but cannot start it, only ${here.join(', ')}\n`,
    'stderr',
  );
}
