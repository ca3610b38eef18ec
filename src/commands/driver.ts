import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { closeScripts, runScript } from '../driver/script.js';
import type { Command, CommandContext } from './command.js';
import { UsageError } from './usage-error.js';

interface DriverOptions {
  testScript?: boolean;
}

export const driver: Command<DriverOptions> = {
  name: 'driver',
  summary: 'run a Python test script on the nodes that run',
  examples: ['driver -t', 'driver checks.py'],
  configure(program) {
    program
      .argument('[script]', "file with Python in the NixOS test driver's vocabulary")
      .option('-t, --test-script', "the composition's own testScript");
  },
  async run([file], { testScript }, context) {
    const script = await scriptOf(file, testScript, context);
    try {
      return await runScript({ ...script, ...context });
    } finally {
      // In a notebook the next cell goes on with the variables of this one.
      if (context.front === 'terminal') await closeScripts(context.manager);
    }
  },
};

async function scriptOf(
  file: string | undefined,
  testScript: boolean | undefined,
  { workspace, manager }: CommandContext,
): Promise<{ source: string; file: string }> {
  if (testScript) {
    const source = await (await manager.require(workspace.cwd)).testScript();
    if (source) return { source, file: 'testScript' };
    throw new UsageError({
      asked: 'this composition has no testScript',
      todo: "add testScript = ''…''; to composition.nix, build and start again",
    });
  }
  if (file !== undefined) {
    const path = resolve(workspace.cwd, file);
    const source = await readFile(path, 'utf8').catch((cause: Error) => {
      throw new UsageError({ asked: `cannot read the test script ${path}`, found: cause.message, cause });
    });
    return { source, file };
  }
  throw new UsageError({
    asked: 'nxc driver was given no script, and it has no prompt of its own',
    todo: "give a file (nxc driver checks.py) or -t for the composition's testScript; a notebook has cells: Python below %%nxc driver",
  });
}
