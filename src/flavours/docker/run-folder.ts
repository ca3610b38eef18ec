import { copyFileSync, mkdirSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assetPath } from '../../assets.js';
import * as flavours from '../run-folder.js';

/** Upstream's compose files bind this folder of the machine into every container, under the same name. */
const SHARED = '/tmp/shared';

/**
 * Where the runtime folder of an adopted deployment lies, on this machine and on nodes alike. Never read from a record: the folder is
 * removed with all that is in it, and a record may come from anywhere.
 */
export const sharedFolder = (run: string): string => join(SHARED, `nxc-${run}`);

/** What a container runs of ours, in the words of package files. */
const scripts = [
  'src/transports/agent/agent.sh',
  'src/transports/agent/as-user.sh',
  'src/transports/agent/become.sh',
  'src/flavours/docker/node/resident.sh',
  'src/flavours/docker/node/boot.sh',
];

/** The runtime folder of one deployment: what its containers and this machine both see. */
export class RunFolder extends flavours.RunFolder {
  constructor(run: string) {
    super('docker', run);
  }

  /** Scripts for every node. A copy: the package may be replaced while containers run. */
  get lib(): string {
    return join(this.path, 'lib');
  }

  prepare(nodes: readonly string[]): void {
    this.create();
    this.fill(nodes);
  }

  /** The same, where the files themselves have to lie in another folder, which is there. */
  prepareAt(folder: string, nodes: readonly string[]): void {
    this.create();
    rmdirSync(this.path);
    symlinkSync(folder, this.path);
    this.fill(nodes);
  }

  private fill(nodes: readonly string[]): void {
    mkdirSync(this.lib);
    for (const script of scripts) copyFileSync(assetPath(script), join(this.lib, basename(script)));
    for (const node of nodes) mkdirSync(this.node(node), { recursive: true });
  }

  setOn(node: string): void {
    rmSync(join(this.path, 'off', node), { force: true });
  }

  static runs(): string[] {
    return flavours.runsOf('docker');
  }
}
