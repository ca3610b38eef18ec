import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** File name → content of a template. */
export function readTemplate(name: string): Record<string, string> {
  if (!Object.hasOwn(templates, name)) {
    throw new ProjectError({
      asked: `there is no template "${name}"`,
      nearest: nearest(name, Object.keys(templates)),
      found: `templates are ${Object.keys(templates).join(', ')}`,
    });
  }
  const folder = assetPath(join(FOLDER, name));
  return Object.fromEntries(
    readdirSync(folder).map(file => [file, readFileSync(join(folder, file), 'utf8')]),
  );
}
