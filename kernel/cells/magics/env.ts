import { nearest } from '../../../src/index.js';
import type { Magic } from '../magic.js';
import { MagicError } from '../words.js';

export const env: Magic = {
  summary: 'show or set environment variables of this machine',
  usage: ['%env', '%env NAME', '%env NAME=value'],
  async line({ words, notebook, display }) {
    const all = await words();
    const { env } = notebook.workspace;
    if (all.length === 0) {
      const names = Object.keys(env).sort();
      display.write(names.map(name => `${name}=${env[name]}\n`).join(''));
      return;
    }
    const [, name = '', blank, value] = /^([^=]*?)( ?)(?:=(.*))?$/s.exec(all.join(' ')) ?? [];
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new MagicError({
        asked: `"${name}" is not a valid name of an environment variable`,
        found: 'names have letters, digits and _, and begin with no digit',
        todo: 'write %env NAME=value',
      });
    }
    if (value !== undefined) {
      notebook.changeEnvironment(name, blank ? value.trimStart() : value);
      return;
    }
    if (env[name] === undefined) {
      throw new MagicError({ asked: `no variable ${name} is set`, nearest: nearest(name, Object.keys(env)) });
    }
    display.write(`${env[name]}\n`);
  },
  complete: async ({ notebook }) => Object.keys(notebook.workspace.env),
};
