/** The public API of the deployment manager: everything that the kernel, notebooks and other programs may import. */

export * from './aborted.js';
export { packageRoot, version } from './assets.js';
export { isReplaceable, writeOutput } from './atomic-write.js';
export { calledWords } from './commands/called-words.js';
export type * from './commands/command.js';
export * from './commands/command-line.js';
export * from './commands/complete.js';
export * from './commands/complete-targets.js';
export * from './commands/deployment-option.js';
export { configureScript, type ScriptOptions, scriptOptions } from './commands/driver.js';
export { configureExec, type ExecCommandOptions, runOptions } from './commands/exec.js';
export { collect, duration } from './commands/options.js';
export * from './commands/registry.js';
export * from './commands/run-on-host.js';
export * from './commands/run-on-nodes.js';
export { runningBefore } from './commands/running-before.js';
export { settled } from './commands/settled.js';
export * from './commands/shell-state.js';
export * from './commands/usage-error.js';
export { projectHere } from './composition/project.js';
export * from './composition/targets.js';
export type * from './composition/types.js';
export * from './deployment/deployment.js';
export { type Expected, expectedNodes } from './deployment/expected-nodes.js';
export * from './deployment/manager.js';

export * from './deployment/provenance.js';
export * from './display/bundle.js';
export type * from './display/display.js';
export { escapeHtml } from './display/html.js';
export * from './display/table.js';
export * from './display/terminal.js';
export { unknownMark, vegaLite } from './display/vega-lite.js';
export { argumentAt } from './driver/completion/argument.js';
export { completeUnit } from './driver/completion/unit-argument.js';
export { driverDeclarations } from './driver/declarations.js';
export { describeGlobals, type Globals, type MachineDescription } from './driver/driver.js';
export { AssertionFailed } from './driver/errors.js';
export { fanOut, PartialFailure } from './driver/fan-out.js';
export { closeScripts } from './driver/interpreters.js';
export { junit } from './driver/junit.js';
export { machineMethods } from './driver/methods.js';
export type { CommandResult } from './driver/result.js';
export { completeScript, inspectScript, runScript } from './driver/script.js';
export { DriverService, type DriverServiceOptions } from './driver/service.js';
export { countedSubtests, SUBTESTS, type Subtest, scoreOf, subtestPath } from './driver/subtests.js';
export * from './duration.js';
export * from './errors.js';
export type * from './flavours/flavour.js';
export type * from './flavours/record.js';
export * from './home-folder.js';
export * from './is-object.js';
export * from './jobs/board.js';
export type * from './jobs/job.js';
export { type MetricQuery, type MetricRow, type Metrics, metricsOf } from './metrics/metrics.js';
export { checkOwnName } from './metrics/own-name.js';
export type { Diagnostic } from './nix/diagnose.js';
export { findProgram } from './process/find-program.js';
export { LeftPrograms } from './process/left-programs.js';
export { quote } from './process/quote.js';
export * from './rpc.js';
export * from './shared-signal.js';
export { nearest } from './suggest.js';
export { terminalText } from './terminal-text.js';
export type * from './transports/transport.js';
export { showDirections } from './visible.js';
export * from './workspace.js';

/** Errors and warnings of Nix text. The evaluator behind it loads when it is first asked. */
export const diagnoseNix = async (text: string, file: string) =>
  (await import('./nix/diagnose.js')).diagnose(text, file);

/** A Vega-Lite specification as PNG. Vega loads when it is first asked. */
export const pictureOf = async (spec: Readonly<Record<string, unknown>>) =>
  (await import('./plots/png.js')).toPng(spec);
