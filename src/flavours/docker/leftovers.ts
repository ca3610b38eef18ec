import type { Leftover } from '../flavour.js';
import type { ContainerEntry } from './containers.js';
import { type Engine, engineAt } from './engine/engine.js';
import { EngineError } from './engine/errors.js';
import { engineSocket } from './engine/socket.js';
import { labels, ours } from './labels.js';
import { removeRun } from './remove.js';
import { RunFolder } from './run-folder.js';

/** Milliseconds in which an engine that works has told what it has. */
const answerLimit = 5000;

/** Deployments of this user that the engine knows, or that have a runtime folder here. */
export async function leftovers(): Promise<Leftover[]> {
  const { engine, found } = await inEngine();
  for (const run of RunFolder.runs()) if (!found.has(run)) found.set(run, { alive: false, parts: [] });
  return [...found].map(([run, { alive, parts, project: labelled }]) => {
    const folder = new RunFolder(run);
    const project = folder.project ?? labelled;
    return {
      flavour: 'docker',
      run,
      what: parts.length
        ? `${[...new Set(parts)].join(', ')} of run ${run}`
        : `runtime folder ${folder.path}`,
      ...(project === undefined ? {} : { project }),
      running: alive,
      moveTo: async to => folder.belongTo(to),
      remove: async () => {
        if (engine) await removeRun(engine, run);
        folder.remove();
      },
    };
  });
}

interface Found {
  alive: boolean;
  /** `2 containers` and the like. */
  parts: string[];
  project?: string;
}

type WithLabels = { Labels: Record<string, string> | null };

/** What the engine has of this user, by run; nothing when there is no engine. */
async function inEngine(): Promise<{ engine?: Engine; found: Map<string, Found> }> {
  const found = new Map<string, Found>();
  const query = ours();
  const options = { query, timeoutMs: answerLimit };
  try {
    const engine = engineAt(engineSocket());
    const [containers, networks, { Volumes }] = await Promise.all([
      engine.get<ContainerEntry[]>('/containers/json', { ...options, query: { all: true, ...query } }),
      engine.get<WithLabels[]>('/networks', options),
      engine.get<{ Volumes: WithLabels[] | null }>('/volumes', options),
    ]);
    const kinds = { containers, networks, volumes: Volumes ?? [] };
    for (const [kind, things] of Object.entries(kinds)) {
      for (const thing of things) {
        const { [labels.run]: run = '', [labels.project]: project } = thing.Labels ?? {};
        if (!/^[0-9a-f]{8}$/.test(run)) continue;
        const one = found.get(run) ?? { alive: false, parts: [] };
        one.parts.push(kind);
        one.alive ||= 'State' in thing && (thing.State === 'running' || thing.State === 'paused');
        if (project !== undefined) one.project = project;
        found.set(run, one);
      }
    }
    return { engine, found };
  } catch (error) {
    if (error instanceof EngineError) return { found };
    throw error;
  }
}
