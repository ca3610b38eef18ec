import { parseBuildName } from '../composition/build-link.js';
import { findProject } from '../composition/project.js';
import { parseSetupParams } from '../composition/setup.js';
import { flavourNames } from '../flavours/registry.js';
import { withJobs } from '../jobs/board.js';
import type { Command } from './command.js';
import { listFlavours } from './list-flavours.js';
import { collect } from './options.js';

interface BuildOptions {
  flavour?: string;
  listFlavours?: boolean;
  compositionFlavour?: string;
  outLink?: string;
  setup?: string;
  setupParam?: string[];
}

export const build: Command<BuildOptions> = {
  name: 'build',
  summary: 'build the composition for a flavour',
  examples: ['build', 'build -f local', 'build other.nix -p workers=4'],
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
      .option('-o, --out-link <path>', 'where the result goes instead of build/<composition>::<flavour>')
      .option('-s, --setup <variant>', 'variant of setup.toml, for this build only')
      .option(
        '-p, --setup-param <name=value>',
        'parameter of setup.toml, for this build only (repeatable)',
        collect,
      );
  },
  complete: ({ option }) => (option === '--flavour' ? flavourNames() : []),
  async run([compositionFile], options, { workspace, display, signal, manager }) {
    if (options.listFlavours) {
      display.show(listFlavours());
      return 0;
    }
    const both =
      options.compositionFlavour === undefined ? undefined : parseBuildName(options.compositionFlavour);
    const flavour = both?.flavour ?? options.flavour;
    await withJobs(display, signal, jobs =>
      manager.build(
        {
          project: findProject(workspace.cwd),
          ...(compositionFile === undefined ? {} : { compositionFile }),
          ...(both ? { compositionName: both.composition } : {}),
          ...(flavour === undefined ? {} : { flavour }),
          ...(options.outLink === undefined ? {} : { outLink: options.outLink }),
          ...(options.setup === undefined ? {} : { setup: options.setup }),
          ...(options.setupParam ? { setupParams: parseSetupParams(options.setupParam) } : {}),
        },
        jobs,
      ),
    );
    return 0;
  },
};
