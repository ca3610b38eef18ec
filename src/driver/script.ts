import { writeOutput } from '../atomic-write.js';
import type { DeploymentManager } from '../deployment/deployment.js';
import type { Display } from '../display/display.js';
import { formatDuration } from '../duration.js';
import { InterruptedError } from '../errors.js';
import { anyOf } from '../shared-signal.js';
import type { WorkspaceChange } from '../workspace.js';
import { argumentAt } from './completion/argument.js';
import { completeUnit } from './completion/unit-argument.js';
import { describeGlobals } from './driver.js';
import { kindOf } from './failure-kind.js';
import { interpreterOf } from './interpreters.js';
import { junit } from './junit.js';
import {
  PythonDriver,
  type ScriptCompletion,
  type ScriptOutcome,
  type ScriptPlace,
  type ScriptRun,
} from './python-driver.js';
import { TestScriptError } from './script-error.js';
import { DriverService } from './service.js';
import type { Subtest, SubtestFailure } from './subtests.js';

/** Whose scripts and where. */
export interface ScriptContext {
  manager: DeploymentManager;
  workspace: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
}

export interface ScriptRequest extends ScriptContext {
  source: string;
  /** What errors call it. */
  file: string;
  /** Line of the file on which the source begins, from 0. */
  firstLine?: number;
  /** The script changed the working directory or the environment. */
  changed?(change: WorkspaceChange): void;
  display: Display;
  signal: AbortSignal;
  /** Milliseconds after which it is interrupted. */
  timeoutMs?: number;
  /** File for the subtests and their results as JUnit XML. */
  junit?: string;
}

export interface ScriptEnd extends ScriptOutcome {
  /** How many subtests it had. */
  subtests: number;
  durationMs: number;
}

/** Runs a Python test script on the current deployment; subtests and output go to the display. */
export async function runScript(request: ScriptRequest): Promise<ScriptEnd> {
  const { file, manager, workspace, display } = request;
  const machines = describeGlobals(await manager.require(workspace.cwd)).machines;
  const service = new DriverService({ manager, workspace, display: () => display });
  const [startedAt, began] = [new Date(), performance.now()];
  const end: { failure?: SubtestFailure } = {};
  let subtests: readonly Subtest[] = [];
  let durationMs = 0;
  const finish = async () => {
    subtests = service.finish(undefined);
    durationMs = performance.now() - began;
    if (request.junit === undefined) return;
    await writeOutput(request.junit, junit({ name: file, startedAt, durationMs, subtests, ...end }));
  };
  let outcome: ScriptOutcome;
  try {
    outcome = await runLimited(request, { machines, handle: service.handle });
    if (outcome.status !== 0) end.failure = { kind: 'error', message: `ended with status ${outcome.status}` };
  } catch (error) {
    end.failure = { kind: kindOf(error), message: (error as Error).message };
    throw error;
  } finally {
    await finish();
  }
  return { ...outcome, subtests: subtests.length, durationMs };
}

/** Runs it for as long as it may take. */
async function runLimited(
  { source, file, firstLine = 0, manager, workspace, display, timeoutMs, signal, changed }: ScriptRequest,
  from: Pick<ScriptRun, 'machines' | 'handle'>,
): Promise<ScriptOutcome> {
  const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const both = limit ? anyOf(signal, limit) : signal;
  const { cwd, env } = workspace;
  try {
    return await interpreterOf(manager, startInterpreter).run(source, {
      ...from,
      file,
      firstLine,
      display,
      signal: both,
      cwd,
      env,
      ...(changed ? { changed } : {}),
    });
  } catch (error) {
    if (!limit?.aborted || signal.aborted || !(error instanceof InterruptedError)) throw error;
    const asked = `${file} did not end within ${formatDuration(timeoutMs!)}`;
    throw new TestScriptError({ asked, found: error.message });
  }
}

/** What may stand at the cursor in Python; without python3, units alone. */
export async function completeScript(
  context: ScriptContext,
  before: string,
  after: string,
): Promise<ScriptCompletion> {
  const argument = argumentAt(before, before.length, 'python');
  const units = argument && (await completeUnit(context, argument));
  if (units) return units;
  const found = await asked(context, (interpreter, place) => interpreter.complete(before, after, place));
  return found ?? { word: '', matches: [] };
}

/** What is known of the Python name at the cursor. */
export function inspectScript(
  context: ScriptContext,
  before: string,
  after: string,
): Promise<string | undefined> {
  return asked(context, (interpreter, place) => interpreter.inspect(before, after, place));
}

/** Whether a prompt should run these lines rather than ask for more. */
export async function isCompleteScript(context: ScriptContext, text: string): Promise<boolean> {
  return (await asked(context, (interpreter, place) => interpreter.isComplete(text, place))) ?? true;
}

const startInterpreter = () => new PythonDriver();

/** Answers for an editor: it has no use for the error that there is no python3, which a run would tell. */
async function asked<T>(
  { manager, workspace: { cwd, env } }: ScriptContext,
  question: (interpreter: PythonDriver, place: ScriptPlace) => Promise<T>,
): Promise<T | undefined> {
  const { machines } = describeGlobals(await manager.current(cwd).catch(() => undefined));
  try {
    return await question(interpreterOf(manager, startInterpreter), { machines, cwd, env });
  } catch (error) {
    if (error instanceof TestScriptError) return undefined;
    throw error;
  }
}
