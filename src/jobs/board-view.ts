import { styleText } from 'node:util';
import { escapeHtml } from '../display/html.js';
import { clip, wrap } from '../display/width.js';
import { formatDuration } from '../duration.js';
import { groupBy } from '../group-by.js';
import type { JobSnapshot, JobState } from './job.js';

/** Jobs of one name are one line, however many nodes they concern; what runs or failed is named below it. */
interface Line {
  state: JobState;
  name: string;
  detail: string;
  elapsedMs: number;
  /** The log's end of a job that failed, what the parts of one that runs are doing. */
  below: readonly string[];
}

/** Running nodes named under a group; the others are only counted. */
const NAMED = 6;

const MARKS: Record<JobState, { mark: string; style: 'green' | 'red' | 'yellow' | 'cyan' }> = {
  running: { mark: '▸', style: 'cyan' },
  done: { mark: '✔', style: 'green' },
  failed: { mark: '✘', style: 'red' },
  cancelled: { mark: '■', style: 'yellow' },
};

export function boardText(
  jobs: readonly JobSnapshot[],
  warnings: readonly string[],
  { colour, columns = Number.POSITIVE_INFINITY }: { colour: boolean; columns?: number },
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const lines: string[] = [];
  for (const line of linesOf(jobs)) {
    const { mark, style } = MARKS[line.state];
    const time = formatDuration(line.elapsedMs);
    const room = columns - time.length - 4;
    lines.push(
      `${paint(style, mark)} ${clip(sentence(line), Math.max(room, 10))} ${paint('dim', time)}`,
      ...line.below.map(text => paint('dim', `  │ ${clip(text, columns - 4)}`)),
    );
  }
  for (const warning of warnings) {
    const [first = '', ...more] = wrap(warning, columns - 2);
    lines.push(`${paint('yellow', '!')} ${first}`, ...more.map(text => `  ${text}`));
  }
  return lines.join('\n');
}

export function boardHtml(jobs: readonly JobSnapshot[], warnings: readonly string[]): string {
  const colours = { green: '#2a7d2a', red: '#b3261e', yellow: '#9a6700', cyan: '#0b6e99' };
  const rows = linesOf(jobs).map(line => {
    const { mark, style } = MARKS[line.state];
    const log = line.below.length
      ? `<pre style="margin:2px 0 4px 1.4em;color:#777">${escapeHtml(line.below.join('\n'))}</pre>`
      : '';
    return (
      `<div><span style="color:${colours[style]}">${mark}</span> ${escapeHtml(sentence(line))}` +
      ` <span style="color:#777">${formatDuration(line.elapsedMs)}</span></div>${log}`
    );
  });
  const notes = warnings.map(
    text => `<div><span style="color:${colours.yellow}">!</span> ${escapeHtml(text)}</div>`,
  );
  return `<div class="nxc-jobs" style="font-family:var(--jp-code-font-family,monospace)">${[...rows, ...notes].join('')}</div>`;
}

const sentence = ({ name, detail }: Line) => (detail ? `${name}: ${detail}` : name);

function linesOf(jobs: readonly JobSnapshot[]): Line[] {
  const groups = groupBy(jobs, job => job.name);
  return [...groups.values()].flatMap(group => {
    const failed = failuresOf(group.filter(job => job.state === 'failed'));
    const others = group.filter(job => job.state !== 'failed');
    if (others.length === 0) return failed;
    return [others.length === 1 ? lineOf(others[0]!) : summaryOf(others), ...failed];
  });
}

/** Nodes that failed of one reason, as when the start of all of them ended, are one line. */
function failuresOf(jobs: readonly JobSnapshot[]): Line[] {
  const alike = groupBy(jobs, job => [job.step, ...job.lastLines].join('\n'));
  return [...alike.values()].map(([first, ...others]) => {
    const line = lineOf(first!);
    if (others.length === 0 || !first!.node) return line;
    const nodes = [first!, ...others].slice(0, NAMED).map(job => job.node);
    const more = others.length >= NAMED ? ` and ${others.length + 1 - NAMED} more` : '';
    return { ...line, name: `${first!.name} ${nodes.join(', ')}${more}` };
  });
}

function lineOf(job: JobSnapshot): Line {
  return {
    state: job.state,
    name: job.node ? `${job.name} ${job.node}` : job.name,
    detail: job.step || (job.state === 'cancelled' ? 'cancelled' : ''),
    elapsedMs: job.elapsedMs,
    below: job.state === 'failed' ? job.lastLines : job.details,
  };
}

function summaryOf(jobs: readonly JobSnapshot[]): Line {
  const running = jobs.filter(job => job.state === 'running');
  const cancelled = jobs.filter(job => job.state === 'cancelled').length;
  const ended = jobs.length - running.length - cancelled;
  const named = running.slice(0, NAMED).map(job => [job.node, job.step].filter(Boolean).join(' '));
  const more = running.length > NAMED ? ` and ${running.length - NAMED} more` : '';
  const detail = running.length
    ? `${ended}/${jobs.length}, now ${named.join(', ')}${more}`
    : `${jobs.length} ${jobs.some(job => job.node) ? 'nodes' : 'times'}${cancelled ? `, ${cancelled} cancelled` : ''}`;
  return {
    state: running.length ? 'running' : cancelled ? 'cancelled' : 'done',
    name: jobs[0]!.name,
    detail,
    elapsedMs: Math.max(...jobs.map(job => job.elapsedMs)),
    below: [],
  };
}
