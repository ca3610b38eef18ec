import { hostNameFault } from '../composition/host-name.js';
import { flavourNames } from '../flavours/registry.js';
import { isObject } from '../is-object.js';
import { nameFault, shownName } from '../name.js';

/**
 * What is wrong with the `x-nxc` of a record; undefined when it can be used. A record comes with a project that
 * somebody may have got from anywhere, and its words become paths and commands.
 */
export function recordFault(ours: unknown): string | undefined {
  if (!isObject(ours)) return '"x-nxc" is not an object';
  const { run, composition, flavour, owner, started, starter, state, hash, nodes, runtime } = ours;
  if (typeof run !== 'string' || !/^[0-9a-f]{8}$/.test(run)) return `run ${shown(run)} is not 8 hex digits`;
  if (typeof flavour !== 'string' || !flavourNames().includes(flavour))
    return `flavour ${shown(flavour)} is none of ${flavourNames().join(', ')}, which this version runs`;
  if (state !== 'starting' && state !== 'running' && state !== 'stopping')
    return `state ${shown(state)} is none of starting, running, stopping`;
  for (const [key, value] of Object.entries({ composition, owner, started, hash }))
    if (typeof value !== 'string') return `${key} ${shown(value)} is not text`;
  if (ours.movedFrom !== undefined && typeof ours.movedFrom !== 'string') return 'movedFrom is not text';
  // It is a folder of what is removed at the end.
  const unnamed = nameFault('composition', composition);
  if (unnamed) return `composition ${shownName(composition)} is not a name: ${unnamed}`;
  if (
    !isObject(starter) ||
    typeof starter.host !== 'string' ||
    !isInteger(starter.pid) ||
    !isInteger(starter.start) ||
    !isParent(starter.parent)
  )
    return `starter ${shown(starter)} is not a process: host, pid, start`;
  if (!isObject(runtime)) return 'runtime is not an object';
  const unfit = runtimeFault(runtime);
  if (unfit) return unfit;
  if (!Array.isArray(nodes)) return 'nodes is not an array';
  return nodes.map(nodeFault).find(fault => fault !== undefined);
}

/** Ids become words of commands; a flavour looks at the rest itself. */
function runtimeFault({ containers = {} }: { containers?: unknown }): string | undefined {
  if (!isObject(containers)) return 'runtime.containers is not an object';
  const odd = Object.values(containers).find(id => typeof id !== 'string' || !/^[0-9a-f]{12,64}$/.test(id));
  return odd === undefined ? undefined : `container ${shownName(odd)} is not an id`;
}

function nodeFault(node: unknown): string | undefined {
  if (!isObject(node)) return `node ${shown(node)} is not an object`;
  const { name, role, address } = node;
  if (typeof name !== 'string') return `node name ${shown(name)} is not text`;
  const fault = hostNameFault(name);
  if (fault) return `node ${shown(name)} cannot be a host name: ${fault}`;
  // It is a folder in the runtime folder.
  const unnamed = nameFault('role', role);
  if (unnamed) return `role ${shownName(role)} of ${name} is not a name: ${unnamed}`;
  return address === undefined || typeof address === 'string' ? undefined : `address of ${name} is not text`;
}

const isParent = (value: unknown): boolean =>
  value === undefined || (isObject(value) && isInteger(value.pid) && isInteger(value.start));

const isInteger = Number.isSafeInteger;

const shown = (value: unknown): string => JSON.stringify(value) ?? 'undefined';
