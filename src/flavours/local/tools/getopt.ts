/** What an option takes: nothing, a word, or a word only when it is written `--option=word` (short: `-oword`). */
export type Takes = 'nothing' | 'word' | 'maybe';

/** An option of a program by its long name, with its letter. */
export interface Spec {
  letter?: string;
  takes: Takes;
}

export interface Given {
  /** The long name. */
  name: string;
  value?: string;
}

/** What is wrong with what was asked, in the words of the program. */
export class UsageError extends Error {}

/** What is wrong with the options, in the words of getopt_long(3), which begin with the program's name. */
export class OptionError extends UsageError {}

/**
 * Options and words of a command line, as getopt_long(3) reads them: letters together, values attached or in the next word, long
 * names cut short, `--` before words.
 *
 * @param first words after the first one that is no option are words (`systemd-run ls -l`)
 */
export function getopt(
  argv: readonly string[],
  specs: Readonly<Record<string, Spec>>,
  { first = false }: { first?: boolean } = {},
): { options: Given[]; words: string[] } {
  const options: Given[] = [];
  const words: string[] = [];
  const rest = [...argv];
  const needed = (name: string): string => {
    const value = rest.shift();
    if (value === undefined) throw new OptionError(`option ${name}`);
    return value;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      words.push(...rest);
      break;
    }
    if (word.startsWith('--')) {
      const [given = '', ...after] = word.slice(2).split('=');
      const value = word.includes('=') ? after.join('=') : undefined;
      const name = nameOf(given, Object.keys(specs));
      const { takes } = specs[name]!;
      if (takes === 'nothing' && value !== undefined)
        throw new OptionError(`option '--${name}' doesn't allow an argument`);
      options.push({
        name,
        value: value ?? (takes === 'word' ? needed(`'--${name}' requires an argument`) : undefined),
      });
    } else if (word.startsWith('-') && word !== '-') {
      for (let letters = word.slice(1); letters !== ''; ) {
        const letter = letters[0]!;
        letters = letters.slice(1);
        const name = Object.keys(specs).find(key => specs[key]!.letter === letter);
        if (name === undefined) throw new OptionError(`invalid option -- '${letter}'`);
        const { takes } = specs[name]!;
        if (takes === 'nothing') options.push({ name });
        else {
          options.push({
            name,
            value: letters || (takes === 'word' ? needed(`requires an argument -- '${letter}'`) : undefined),
          });
          letters = '';
        }
      }
    } else {
      words.push(word);
      if (!first) continue;
      words.push(...rest);
      break;
    }
  }
  return { options, words };
}

function nameOf(given: string, names: readonly string[]): string {
  if (names.includes(given)) return given;
  const like = names.filter(name => name.startsWith(given) && given !== '');
  if (like.length === 1) return like[0]!;
  if (like.length === 0) throw new OptionError(`unrecognized option '--${given}'`);
  throw new OptionError(
    `option '--${given}' is ambiguous; possibilities: ${like.map(name => `'--${name}'`).join(' ')}`,
  );
}
