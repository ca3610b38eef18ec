import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveStorePath } from '../../composition/store.js';
import type { Node } from '../../composition/types.js';
import { nearest } from '../../suggest.js';
import { containerName } from './containers.js';
import { DockerError } from './errors.js';
import { checkPorts, onLoopback, type Port } from './ports.js';
import { bootArgv } from './reach.js';

type Volume = string | { type?: string; source?: string; target: string; [key: string]: unknown };

/** A volume or network; null has all defaults. */
type Declared = Record<string, unknown> | null;

interface Service {
  command?: string | string[];
  image?: string;
  labels?: Record<string, string>;
  ports?: Port[];
  volumes?: Volume[];
  [key: string]: unknown;
}

/** What we know of a compose file; all else is passed on as it is. */
interface ComposeFile {
  services: Record<string, Service>;
  volumes?: Record<string, Declared>;
  networks?: Record<string, Declared>;
  [key: string]: unknown;
}

export interface Placing {
  nodes: readonly Node[];
  labels: Readonly<Record<string, string>>;
  image: string;
  /** Compose project. */
  project: string;
  binds(node: string): ReadonlyArray<{ source: string; target: string; readOnly: boolean }>;
}

/** The build's compose file, one service a role; `path` as the build names it. */
export class RoleServices {
  private readonly file: ComposeFile;
  /** Where this machine keeps /nix/store, without `/store`. */
  private readonly prefix: string;

  constructor(private readonly path: string) {
    const real = resolveStorePath(path);
    this.prefix = real === path ? '/nix' : real.slice(0, -path.slice('/nix'.length).length);
    this.file = readComposeFile(real);
  }

  /** The file with a service for each node, as upstream's docker.py makes it, and what we find it by again. */
  place({ nodes, labels, image, project, binds }: Placing): ComposeFile {
    const services = nodes.map(({ name, role }) => {
      const service = this.service(role);
      checkStore(name, service);
      const added = binds(name).map(({ source, target, readOnly }) => ({
        type: 'bind',
        source: verbatim(source),
        target,
        read_only: readOnly,
      }));
      return {
        ...service,
        container_name: containerName(project, name),
        hostname: name,
        image,
        ...(Array.isArray(service.command) && {
          command: [...bootArgv(this.isNixos(role)), ...service.command],
        }),
        labels: { ...service.labels, ...mapValues(labels, verbatim) },
        ports: (service.ports ?? []).map(onLoopback),
        volumes: [...(service.volumes ?? []), ...added],
      };
    });
    checkPorts(nodes.map(({ name, role }) => ({ name, role, ports: this.service(role).ports ?? [] })));
    const own = { labels: mapValues(labels, verbatim) };
    return {
      ...this.file,
      services: Object.fromEntries(nodes.map(({ name }, index) => [name, services[index]!])),
      volumes: mapValues(this.file.volumes ?? {}, volume =>
        volume?.external ? volume : { ...volume, ...own },
      ),
      networks: mapValues<Declared, Declared>({ default: null, ...this.file.networks }, network =>
        network?.external ? network : { ...network, ...own },
      ),
    };
  }

  /** Whether the role's init is systemd: it is the `init` of a NixOS system, which has its programs in `sw`. */
  isNixos(role: string): boolean {
    const init = [this.service(role).command].flat()[0] ?? '';
    if (!init.endsWith('/init')) return false;
    // A link into the store, which need not lead anywhere from here.
    return lstatSync(resolveStorePath(join(dirname(init), 'sw')), { throwIfNoEntry: false }) !== undefined;
  }

  private service(role: string): Service {
    const service = this.file.services[role];
    if (service) return { ...service, volumes: service.volumes?.map(volume => this.rebase(volume)) ?? [] };
    const known = Object.keys(this.file.services);
    throw new DockerError({
      asked: `the build has no service for role "${role}"`,
      nearest: nearest(role, known),
      found: `${this.path} has ${known.join(', ') || 'none'}`,
      todo: 'build again with `nxc build -f docker`',
    });
  }

  /** Rootless Nix keeps its store elsewhere; containers see it at /nix/store all the same. */
  private rebase(volume: Volume): Volume {
    if (typeof volume === 'string') return volume.replace(/^\/nix(?=\/store\b)/, verbatim(this.prefix));
    return {
      ...volume,
      ...(volume.source && { source: volume.source.replace(/^\/nix(?=\/store\b)/, this.prefix) }),
    };
  }
}

function readComposeFile(path: string): ComposeFile {
  const again = 'build again with `nxc build -f docker`';
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new DockerError({
      asked: `the build's compose file ${path} cannot be read`,
      found: (error as Error).message,
      todo: again,
      cause: error,
    });
  }
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new DockerError({
      asked: `the compose file ${path} is not valid JSON`,
      found: (error as Error).message,
      todo: again,
      cause: error,
    });
  }
  const services = (file as ComposeFile | null)?.services;
  if (typeof services === 'object' && services !== null) return file as ComposeFile;
  throw new DockerError({ asked: `the compose file ${path} has no services`, todo: again });
}

/** What is missing in the store, the engine would make as an empty folder, and the container would fail for no visible reason. */
function checkStore(node: string, { command, volumes = [] }: Service): void {
  const init = resolveStorePath([command].flat()[0] ?? '');
  const sources = volumes.map(
    volume => (typeof volume === 'string' ? volume.split(':')[0] : volume.source) ?? '',
  );
  for (const path of [init, ...sources]) {
    if (!/\/\.?nix\/store(\/|$)/.test(path) || existsSync(path)) continue;
    throw new DockerError({
      asked: `${path}, which node ${node} needs, is not in the store`,
      found: 'it was collected as garbage, or built on another machine',
      todo: 'build again with `nxc build -f docker`',
    });
  }
}

/** Compose puts variables of the environment for `$NAME`. */
const verbatim = (text: string): string => text.replaceAll('$', '$$$$');

const mapValues = <T, U>(of: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value)]));
