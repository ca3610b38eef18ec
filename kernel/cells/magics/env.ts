import { nearest } from '../../../src/index.js';
import type { Magic } from '../magic.js';
import { MagicError } from '../words.js';

const NAME = /^[A-Za-z_]\w*$/;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;

export const env: Magic = {
  summary: 'show, set or remove environment variables of this machine, for cells of every kind',
  usage: ['%env', '%env NAME', '%env NAME=value', '%env PATH=$PATH:/opt/bin', '%env -u NAME'],
  async line({ expandedWords, notebook, display }) {
    const words = await expandedWords();
    const { env } = notebook.workspace;
    if (words.length === 0) {
      const names = Object.keys(env).sort();
      display.write(names.map(name => `${name}=${env[name]}\n`).join(''));
      return;
    }
    if (words[0] === '-u' || words[0] === '--unset') {
      if (words.length === 1)
        throw new MagicError({ asked: '%env -u needs a name', todo: 'write %env -u NAME' });
      const names = words.slice(1).map(checkName);
      return notebook.change({ env: Object.fromEntries(names.map(name => [name, null])) });
    }
    const [, given = '', blank, value] = /^([^=]*?)( ?)(?:=(.*))?$/s.exec(words.join(' ')) ?? [];
    const name = checkName(given);
    const second = words.slice(1).find(word => ASSIGNMENT.test(word));
    if (value !== undefined && second !== undefined) {
      throw new MagicError({
        asked: `%env sets one variable a line, and ${second} looks like a second one`,
        todo: `give it a line of its own, or quote a value with blanks: %env ${name}='${value}'`,
      });
    }
    if (value !== undefined) return notebook.change({ env: { [name]: blank ? value.trimStart() : value } });
    if (env[name] === undefined) {
      throw new MagicError({ asked: `no variable ${name} is set`, nearest: nearest(name, Object.keys(env)) });
    }
    display.write(`${env[name]}\n`);
  },
  complete: async ({ notebook }) => ['-u', ...Object.keys(notebook.workspace.env)],
};

function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new MagicError({
    asked: `"${name}" is not a valid name of an environment variable`,
    found: 'names have letters, digits and _, and begin with no digit',
    todo: 'write %env NAME=value, or %env -u NAME to remove one',
  });
}
