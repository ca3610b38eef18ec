import { CallError } from './calls.js';

/** What Python, whose test scripts run unchanged, writes in another way than JavaScript. */
const spellings: ReadonlyArray<readonly [RegExp, string]> = [
  [/\(\?P</g, '(?<'],
  [/\(\?P=(\w+)\)/g, '\\k<$1>'],
  [/\\A/g, '^'],
  [/\\Z/g, '$'],
];

/** A regular expression in the words of JavaScript or of Python: `(?i)` at its beginning, `(?P<name>…)`, `\A` and `\Z`. */
export function regularExpression(text: string): RegExp {
  const [, flags = '', rest] = /^(?:\(\?([aimsu]+)\))?(.*)$/s.exec(text)!;
  const source = spellings.reduce((found, [python, javascript]) => found.replace(python, javascript), rest!);
  try {
    return new RegExp(source, [...new Set(flags)].filter(flag => 'ims'.includes(flag)).join(''));
  } catch (cause) {
    throw new CallError({
      asked: 'that is not a valid regular expression',
      found: (cause as Error).message,
      cause,
    });
  }
}
