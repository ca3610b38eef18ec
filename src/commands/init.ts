import { lstatSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, relative } from 'node:path';
import { ProjectError } from '../composition/errors.js';
import { flavourCatalogue } from '../composition/flavour-catalogue.js';
import { readTemplate, templates } from '../composition/templates.js';
import type { Display } from '../display/display.js';
import { flavourNames } from '../flavours/registry.js';
import { nearest } from '../suggest.js';
import type { Command } from './command.js';
import { listFlavours } from './list-flavours.js';

interface InitOptions {
  template: string;
  defaultFlavour?: string;
  listFlavours?: boolean;
  listFlavoursJson?: boolean;
  listTemplatesJson?: boolean;
  symlink: boolean;
  disableDetection?: boolean;
}

const json = (value: unknown) => `${JSON.stringify(value, null, 4)}\n`;

export const init: Command<InitOptions> = {
  name: 'init',
  summary: 'make a project in ./nxc from a template',
  examples: ['init', 'init -t webserver', 'init -t client-server -f docker'],
  configure(program) {
    program
      .option('-t, --template <name>', `what to begin with: ${Object.keys(templates).join(', ')}`, 'basic')
      .option('-f, --default-flavour <flavour>', 'flavour that builds use when none is asked for')
      .option('-F, --list-flavours', 'list the flavours')
      .option('--list-flavours-json', 'list the flavours as JSON')
      .option('--list-templates-json', 'list the templates as JSON')
      .option('--no-symlink', 'make no link nxc.json beside the folder nxc')
      .option('-n, --disable-detection', 'do not look on which platform this runs');
  },
  complete({ option }) {
    if (option === '--template') return Object.keys(templates);
    return option === '--default-flavour' ? Object.keys(flavourCatalogue) : [];
  },
  async run(_args, options, { workspace, display }) {
    if (options.listTemplatesJson) display.write(json(templates));
    else if (options.listFlavoursJson) display.write(json(flavourCatalogue));
    else if (options.listFlavours) display.show(listFlavours());
    else {
      display.write(await createProject(workspace.cwd, options));
      warnOfFlavour(options.defaultFlavour, display);
    }
    return 0;
  },
};

/** Writes the template's files and the link; returns what to tell the user. */
async function createProject(cwd: string, options: InitOptions): Promise<string> {
  const files = readTemplate(options.template);
  files['nxc.json'] = settings(files['nxc.json']!, options);
  const folder = join(cwd, 'nxc');
  const paths = Object.keys(files).map(file => join(folder, file));
  const link = join(cwd, 'nxc.json');
  refuseToOverwrite(cwd, options.symlink ? [...paths, link] : paths);
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    // `wx`: another process may have written it since we looked.
    await writeFile(join(folder, file), content, { flag: 'wx' });
  }
  if (options.symlink) await symlink('nxc/nxc.json', link);
  const written = options.symlink ? [...paths, link] : paths;
  return [
    ...written.map(path => `create  ${relative(cwd, path)}`),
    `next: edit nxc/composition.nix, then nxc build and nxc start${options.symlink ? '' : ' in folder nxc'}`,
    '',
  ].join('\n');
}

function settings(template: string, options: InitOptions): string {
  const value = JSON.parse(template) as Record<string, unknown>;
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
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Grid'5000 names its machines <host>.<site>.grid5000.fr. No lookup: a missing DNS must not stop `init`. */
function isGrid5000(name: string): boolean {
  return name.split('.')[2] === 'grid5000';
}

function refuseToOverwrite(cwd: string, paths: readonly string[]): void {
  const there = paths.filter(path => lstatSync(path, { throwIfNoEntry: false }));
  if (there.length === 0) return;
  throw new ProjectError({
    asked: 'init overwrites nothing',
    found: there.map(path => relative(cwd, path)).join(', '),
    todo: 'work in another folder, or move these away',
  });
}

/** Projects are shared with upstream's tool, which has every flavour, so the name may stand in nxc.json. */
function warnOfFlavour(flavour: string | undefined, display: Display): void {
  if (flavour === undefined || flavourNames().includes(flavour)) return;
  const here = flavourNames();
  display.write(
    `warning: this version cannot build or start flavour ${flavour}, only ${here.join(', ')}; here say \`nxc build -f ${here[0]}\`\n`,
    'stderr',
  );
}
