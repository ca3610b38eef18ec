import { escapeHtml } from '../display/html.js';
import { countedSubtests, type Subtest, type SubtestFailure, subtestPath } from './subtests.js';

export interface ScriptReport {
  /** What ran: `testScript`, a path. */
  name: string;
  startedAt: Date;
  durationMs: number;
  subtests: readonly Subtest[];
  /** Why the script as a whole did not end well. */
  failure?: SubtestFailure;
}

/**
 * A test script as JUnit XML, as Jenkins and GitLab read it: a test case for each subtest, and one for the script, which tells
 * of a failure outside of all subtests. What was asserted is a `failure`, everything else an `error`. Times are in seconds.
 */
export function junit({ name, startedAt, durationMs, subtests, failure }: ScriptReport): string {
  const counted = countedSubtests(subtests);
  // What a subtest says already is not said twice.
  const told = counted.some(subtest => subtest.failure && failure && isSame(subtest.failure, failure));
  const cases = [
    ...counted.map(subtest => ({ ...subtest, name: subtestPath(subtest, subtests) })),
    { name, durationMs, points: undefined, failure: told ? undefined : failure },
  ];
  const count = (fails: (kind: SubtestFailure['kind']) => boolean) =>
    cases.filter(one => one.failure && fails(one.failure.kind)).length;
  const attributes = {
    name,
    tests: cases.length,
    failures: count(kind => kind === 'assertion'),
    errors: count(kind => kind !== 'assertion'),
    time: seconds(durationMs),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${written(attributes)}>`,
    `<testsuite${written({ ...attributes, timestamp: startedAt.toISOString() })}>`,
    ...cases.flatMap(one => [
      `<testcase${written({ classname: name, name: one.name, time: seconds(one.durationMs) })}>`,
      ...(one.points === undefined
        ? []
        : [`<properties><property${written({ name: 'points', value: one.points })}/></properties>`]),
      ...(one.failure ? [failed(one.failure)] : []),
      '</testcase>',
    ]),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const isSame = (a: SubtestFailure, b: SubtestFailure): boolean =>
  a.message.includes(firstLine(b.message)) || b.message.includes(firstLine(a.message));

const firstLine = (text: string): string => text.split('\n')[0]!;

function failed({ kind, message, at }: SubtestFailure): string {
  const element = kind === 'assertion' ? 'failure' : 'error';
  const text = at ? `${at}: ${message}` : message;
  const attributes = written({ type: kind, message: firstLine(message) });
  return `<${element}${attributes}>${clean(text)}</${element}>`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const written = (attributes: Record<string, string | number>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${clean(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');

/** Escaped, without the characters that XML 1.0 cannot hold at all. */
const clean = (text: string): string => escapeHtml(text.replace(forbidden, '\uFFFD'));
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;
