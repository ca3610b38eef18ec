import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UsageError } from './getopt.js';

/** The command line of a unit that systemd-run makes, with the full name of its program. */
export function commandLine(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  const [program = '', ...rest] = words;
  return [executable(program), ...rest.flatMap(word => expanded(word, environment))];
}

/** systemd-run looks for the program before it makes the unit, on its own PATH. */
function executable(program: string): string {
  const candidates = program.includes('/')
    ? [program]
    : (process.env.PATH ?? '').split(':').map(folder => join(folder, program));
  const found = candidates.find(isExecutable);
  if (found === undefined || program === '')
    throw new UsageError(`Failed to find executable ${program}: No such file or directory`);
  return isAbsolute(found) ? found : join(process.cwd(), found);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Variables as systemd.service(5) has them: `${A}` anywhere, `$A` as a word of its own, which may become several; `$$` is `$`. */
function expanded(word: string, environment: Readonly<Record<string, string>>): string[] {
  const [, alone] = /^\$([A-Za-z_]\w*)$/.exec(word) ?? [];
  if (alone !== undefined) return (environment[alone] ?? '').split(/\s+/).filter(Boolean);
  return [
    word.replace(/\$\$|\$\{([A-Za-z_]\w*)\}/g, (_, name) =>
      name === undefined ? '$' : (environment[name] ?? ''),
    ),
  ];
}
