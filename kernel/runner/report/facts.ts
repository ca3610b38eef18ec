/**
 * Where an executed notebook's results come from. Two sources, both in the notebook itself:
 * - `metadata.nxc`, a `RunFacts`: what the runner knows (host, versions, git revision of the notebook, parameters, times);
 * - outputs of the media type `DEPLOYMENT_FACTS`: one `DeploymentFacts` a started deployment, shown by `start` (src/deployment/provenance.ts).
 * So a notebook run in JupyterLab has its deployments in the report too, and lacks only what the runner gathers.
 */
import {
  DEPLOYMENT_FACTS,
  type DeploymentFacts,
  formatDuration,
  isObject,
  type SourceRevision,
} from '../../../src/index.js';
import { isCode, type Notebook, type NotebookCell } from '../ipynb/notebook.js';

export interface RunFacts {
  /** Absolute path. */
  notebook: string;
  /** Who keeps what the run started; a run that resumes it is the same. */
  keeper?: string;
  /** `failures`: subtests failed; `running`: it goes on, or was killed. */
  status: 'ok' | 'failures' | 'error' | 'interrupted' | 'running';
  /** ISO 8601. */
  started: string;
  /** Of a run that goes on, when it was last written. */
  ended: string;
  host: { name: string; system: string; architecture: string; processors: number; memoryBytes: number };
  versions: Record<string, string>;
  parameters?: Record<string, unknown>;
  git?: SourceRevision;
  /** URL of the Jupyter server it ran on, without token. */
  server?: string;
}

const STATES = ['ok', 'failures', 'interrupted', 'running'] as const;

export function runFacts(notebook: Notebook): RunFacts | undefined {
  const facts = objectOf(notebook.metadata.nxc);
  if (!date(facts.started) || !date(facts.ended)) return undefined;
  const host = objectOf(facts.host);
  return {
    notebook: textOf(facts.notebook),
    ...(/^[\w-]+$/.test(textOf(facts.keeper)) ? { keeper: textOf(facts.keeper) } : {}),
    status: STATES.find(state => state === facts.status) ?? 'error',
    started: textOf(facts.started),
    ended: textOf(facts.ended),
    host: {
      name: textOf(host.name),
      system: textOf(host.system),
      architecture: textOf(host.architecture),
      processors: Number(host.processors) || 0,
      memoryBytes: Number(host.memoryBytes) || 0,
    },
    versions: Object.fromEntries(
      Object.entries(objectOf(facts.versions)).map(([name, value]) => [name, textOf(value)]),
    ),
    parameters: objectOf(facts.parameters),
    git: revisionOf(facts.git),
    ...(facts.server ? { server: textOf(facts.server) } : {}),
  };
}

/** Deployments in the order in which they were started. */
export function deployments(notebook: Notebook): DeploymentFacts[] {
  return notebook.cells
    .filter(isCode)
    .flatMap(cell => cell.outputs)
    .flatMap(output =>
      'data' in output && output.data[DEPLOYMENT_FACTS] ? [deploymentOf(output.data[DEPLOYMENT_FACTS])] : [],
    );
}

function deploymentOf(value: unknown): DeploymentFacts {
  const facts = objectOf(value);
  const text = (name: string): string => textOf(facts[name]);
  return {
    run: text('run'),
    composition: text('composition'),
    flavour: text('flavour'),
    hash: text('hash'),
    project: text('project'),
    owner: text('owner'),
    started: text('started'),
    nodes: listOf(facts.nodes).map(node => ({ name: textOf(node.name), role: textOf(node.role) })),
    parameters: objectOf(facts.parameters),
    setup: { variant: textOf(objectOf(facts.setup).variant), params: objectOf(objectOf(facts.setup).params) },
    git: revisionOf(facts.git),
    inputs: listOf(facts.inputs).map(input => ({
      name: textOf(input.name),
      source: textOf(input.source),
      revision: textOf(input.revision),
      modified: textOf(input.modified),
    })),
  };
}

function revisionOf(value: unknown): SourceRevision | undefined {
  const { revision, branch, dirty } = objectOf(value);
  return revision ? { revision: textOf(revision), branch: textOf(branch), dirty: dirty === true } : undefined;
}

// A notebook may come from anybody: what is not of the expected type is shown as nothing.
const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
const listOf = (value: unknown): Array<Record<string, unknown>> =>
  Array.isArray(value) ? value.map(objectOf) : [];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export interface Span {
  start: Date;
  end: Date;
}

/** When a cell ran, from the times that JupyterLab, nbclient and the runner write. */
export function spanOf(cell: NotebookCell): Span | undefined {
  const times = cell.metadata.execution as Record<string, string> | undefined;
  const start = date(times?.['iopub.execute_input'] ?? times?.['iopub.status.busy']);
  const end = date(times?.['shell.execute_reply'] ?? times?.['iopub.status.idle']);
  return start && end && end >= start ? { start, end } : undefined;
}

/** From the first cell's start to the last cell's end. */
export function spanOfNotebook(notebook: Notebook): Span | undefined {
  const run = runFacts(notebook);
  if (run) return { start: new Date(run.started), end: new Date(run.ended) };
  const spans = notebook.cells.flatMap(cell => spanOf(cell) ?? []);
  if (!spans.length) return undefined;
  return {
    start: new Date(Math.min(...spans.map(span => span.start.getTime()))),
    end: new Date(Math.max(...spans.map(span => span.end.getTime()))),
  };
}

function date(text: unknown): Date | undefined {
  const value = typeof text === 'string' ? new Date(text) : undefined;
  return value && !Number.isNaN(value.getTime()) ? value : undefined;
}

export const duration = ({ start, end }: Span): string => formatDuration(end.getTime() - start.getTime());

const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' });
export const moment = (at: Date): string =>
  Number.isNaN(at.getTime()) ? 'at an unknown time' : `${clock.format(at)} UTC`;
