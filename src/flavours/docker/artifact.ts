import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactFolder } from '../../composition/build-link.js';
import { makeFolder } from '../../make-folder.js';
import type { DeploymentRecord } from '../record.js';

/**
 * artifact/<composition>/docker of a project: what compose is given. The file lies in a folder called like the compose project,
 * because that is where upstream's tool, which passes no project name, makes compose take it from (v1 knows no `name:`); at
 * upstream's own place there is a link.
 */
export class Artifact {
  readonly folder: string;
  readonly composeFile: string;
  /** What nodes see as /etc/nxc/deployment.json. */
  readonly deploymentFile: string;
  private readonly link: string;
  private readonly target: string;

  constructor(record: DeploymentRecord) {
    const { project: directory, composition, flavour } = record['x-nxc'];
    const project = composeProject(record);
    const home = artifactFolder(directory, { composition, flavour });
    this.folder = join(home, project);
    this.composeFile = join(this.folder, 'docker-compose.json');
    this.deploymentFile = join(this.folder, 'deployment.json');
    this.link = join(home, 'docker-compose.json');
    this.target = join(project, 'docker-compose.json');
  }

  write(composeFile: object, deployment: object): void {
    makeFolder(this.folder, 0o700);
    writeFileSync(this.composeFile, JSON.stringify(composeFile, null, 2), { mode: 0o600 });
    // Every user of a node reads it there.
    writeFileSync(this.deploymentFile, JSON.stringify(deployment, null, 2), { mode: 0o644 });
    rmSync(this.link, { force: true });
    symlinkSync(this.target, this.link);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.link, { force: true });
  }
}

/**
 * Name of the compose project of what we start: compose takes lower-case letters, digits, - and _. Made anew from the record each
 * time, as folders of that name are removed.
 */
export function composeProject(record: DeploymentRecord): string {
  const { owner, run } = record['x-nxc'];
  const user = owner
    .split('@')[0]!
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
  return ['nxc', user, run].filter(Boolean).join('-');
}
