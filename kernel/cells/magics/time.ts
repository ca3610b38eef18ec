import { formatDuration } from '../../../src/index.js';
import type { Body, Magic, MagicCall } from '../magic.js';

export const time: Magic = {
  summary: 'run the cell (or the rest of the line) and tell how long it took',
  usage: ['%%time', '%time EXPRESSION'],
  takesCell: true,
  line: call => timed(call, { text: withoutComment(call.text), firstLine: 0 }),
  cell: timed,
};

async function timed({ run, display }: MagicCall, body: Body): Promise<void> {
  const began = performance.now();
  try {
    await run(body);
  } finally {
    display.write(`time: ${formatDuration(performance.now() - began)}\n`);
  }
}

/** A line of TypeScript without what a # outside of strings begins, as in lines of other magics. */
function withoutComment(line: string): string {
  const text = /^(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|[^\s]|\s(?!#))*/.exec(line)![0];
  return text.startsWith('#') ? '' : text;
}
