import { isSkipped } from '../ipynb/cell-options.js';
import { type CodeCell, isCode, type Notebook } from '../ipynb/notebook.js';
import { subtestsOf } from '../subtests.js';
import { failures } from './cells.js';
import { deployments, duration, moment, runFacts, spanOfNotebook } from './facts.js';
import { count, escapeHtml } from './html.js';

/** The truth first: what failed, what did not run, what was scored; then when, how long and on what. */
export function summaryHtml(notebook: Notebook): string {
  const span = spanOfNotebook(notebook);
  const started = deployments(notebook);
  const flavours = [...new Set(started.map(deployment => deployment.flavour))];
  const most = Math.max(0, ...started.map(deployment => deployment.nodes.length));
  const facts = [
    span && `<time datetime="${span.start.toISOString()}">${escapeHtml(moment(span.start))}</time>`,
    span && `took ${duration(span)}`,
    count(codeOf(notebook).length, 'code cell'),
    flavours.length ? `flavour ${escapeHtml(flavours.join(', '))}` : undefined,
    most ? `${started.length > 1 ? 'up to ' : ''}${count(most, 'node')}` : undefined,
    '<a href="#provenance">provenance</a>',
  ];
  const states = statesOf(notebook).map(
    ([kind, text]) => `<li class="state ${kind}">${escapeHtml(text)}</li>`,
  );
  return `<ul class="summary">${states.join('')}${facts
    .filter(Boolean)
    .map(fact => `<li>${fact}</li>`)
    .join('')}</ul>`;
}

type State = [kind: 'good' | 'part' | 'bad', text: string];

function statesOf(notebook: Notebook): State[] {
  const code = codeOf(notebook);
  const toRun = code.filter(cell => !isSkipped(cell));
  const ran = toRun.filter(cell => cell.execution_count !== null);
  const failed = failures(notebook).length;
  const status = runFacts(notebook)?.status;
  const states: State[] = [];
  if (failed) states.push(['bad', `${count(failed, 'cell')} failed`]);
  if (status === 'interrupted') states.push(['bad', 'interrupted']);
  if (status === 'running') states.push(['bad', 'the run did not end']);
  if (ran.length < toRun.length) states.push(['part', `${ran.length} of ${count(toRun.length, 'cell')} ran`]);
  else if (states.length === 0)
    states.push(['good', toRun.length < code.length ? 'all other cells ran' : 'all cells ran']);
  const skipped = code.length - toRun.length;
  if (skipped) states.push(['part', `${count(skipped, 'cell')} skipped`]);
  if (ran.some((cell, i) => i > 0 && cell.execution_count! < ran[i - 1]!.execution_count!))
    states.push(['part', 'cells ran in another order']);
  states.push(...scoreOf(notebook));
  // The worst first.
  return (['bad', 'part', 'good'] as const).flatMap(kind => states.filter(state => state[0] === kind));
}

function scoreOf(notebook: Notebook): State[] {
  const { passed, failed, points, of } = subtestsOf(notebook);
  const all = passed + failed.length;
  if (all === 0) return [];
  const subtests: State =
    failed.length > 0
      ? ['bad', `${failed.length} of ${count(all, 'subtest')} failed`]
      : ['good', `${count(all, 'subtest')} passed`];
  if (of === 0) return [subtests];
  return [subtests, [points < of ? 'part' : 'good', `score ${points} of ${of}`]];
}

const codeOf = (notebook: Notebook): CodeCell[] =>
  notebook.cells.filter(isCode).filter(cell => cell.source.trim() !== '');
