import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { assetPath } from '../assets.js';
import { nearest } from '../suggest.js';
import { ProjectError } from './errors.js';

const FOLDER = 'src/composition/templates';

/** Projects to begin with. templates/flake.nix offers the same ones through `nix flake init -t`. */
export const templates: Readonly<Record<string, string>> = {
  basic: 'One role with nothing in it: where to begin',
  webserver: 'A web server as a systemd service, and a client that asks it',
  'client-server': 'One server and two clients that count requests together, with parameters',
};

export interface TemplateFile {
  content: Buffer;
  executable: boolean;
}

/** Path in the project → file. */
export type TemplateFiles = Readonly<Record<string, TemplateFile>>;

/** The files of one of our own templates. */
export function readTemplate(name: string): TemplateFiles {
  if (!Object.hasOwn(templates, name)) {
    throw new ProjectError({
      asked: `there is no template "${name}"`,
      nearest: nearest(name, Object.keys(templates)),
      found: `templates are ${Object.keys(templates).join(', ')}`,
      todo: `choose one, or name a template of a flake: -t FLAKE#${name}`,
    });
  }
  return readFolder(assetPath(join(FOLDER, name)));
}

/** Every file below a folder; links are followed. */
export function readFolder(folder: string, root = folder): TemplateFiles {
  return Object.assign(
    {},
    ...readdirSync(folder).map(name => {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      // A link that leads nowhere, such as that of a build elsewhere.
      if (!stat) return {};
      if (stat.isDirectory()) return readFolder(path, root);
      const executable = (stat.mode & 0o100) !== 0;
      return { [relative(root, path)]: { content: readFileSync(path), executable } };
    }),
  );
}
