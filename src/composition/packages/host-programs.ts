import { delimiter, dirname } from 'node:path';
import { findProgram } from '../../process/find-program.js';

/** Where system programs lie that an ordinary user's PATH leaves out (ip, tc, sshd …). */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/** Finds programs on this machine; each name is looked for once. */
export class HostPrograms {
  readonly #found = new Map<string, string | undefined>();
  readonly #folders: readonly string[];

  /** @param path a PATH; the folder of the running Node is looked in as well */
  constructor(path = process.env.PATH ?? '') {
    const given = path.split(delimiter).filter(folder => folder.startsWith('/'));
    this.#folders = [...new Set([...given, ...SYSTEM_FOLDERS, dirname(process.execPath)])];
  }

  /** Absolute path of a program, as PATH names it. */
  find(name: string): string | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#search(name));
    return this.#found.get(name);
  }

  #search(name: string): string | undefined {
    const found = findProgram(name, this.#folders);
    // The running Node may be called otherwise (nodejs, an editor's helper).
    return found ?? (name === 'node' ? process.execPath : undefined);
  }
}
