import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../make-folder.js';
import { readTemplate, type TemplateFiles, templates } from './templates.js';

/** A file or link of a project, and whether it is there as a template has it. */
export interface ProjectPart {
  /** Absolute. */
  path: string;
  state: 'missing' | 'same' | 'changed';
  /** Makes it where nothing is. */
  make(): Promise<void>;
}

/** What a project in the folder `nxc` of `cwd` consists of, with the link `nxc.json` beside that folder where it is to have one. */
export function lookAt(cwd: string, files: TemplateFiles, link: boolean): ProjectPart[] {
  const parts = Object.entries(files).map(([name, { content, executable }]): ProjectPart => {
    const path = join(cwd, 'nxc', name);
    return {
      path,
      state: stateOf(path, () => readFileSync(path).equals(content)),
      make: async () => {
        makeFolder(dirname(path));
        // `wx`: another process may have written it since we looked.
        await writeFile(path, content, { flag: 'wx', ...(executable ? { mode: 0o777 } : {}) });
      },
    };
  });
  if (!link) return parts;
  const path = join(cwd, 'nxc.json');
  const target = 'nxc/nxc.json';
  const state = stateOf(path, () => readlinkSync(path) === target);
  return [...parts, { path, state, make: () => symlink(target, path) }];
}

function stateOf(path: string, isSame: () => boolean): ProjectPart['state'] {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) return 'missing';
  } catch {
    // A file in place of its folder: making it says so.
    return 'missing';
  }
  try {
    return isSame() ? 'same' : 'changed';
  } catch {
    // A folder of that name, a file in place of a link.
    return 'changed';
  }
}

/** Which of our own templates has exactly this file; undefined where it is of none. Settings are the same in all of them. */
export function templateOf(path: string): string | undefined {
  if (basename(path) === 'nxc.json') return undefined;
  return Object.keys(templates).find(name => {
    const file = readTemplate(name)[basename(path)];
    return file !== undefined && stateOf(path, () => readFileSync(path).equals(file.content)) === 'same';
  });
}

/** The default flavour in a project's nxc.json; undefined where it says none. */
export function flavourIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { default_flavour?: string }).default_flavour;
  } catch {
    return undefined;
  }
}
