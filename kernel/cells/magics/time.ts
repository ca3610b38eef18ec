import { formatDuration } from '../../../src/index.js';
import type { Body, Magic, MagicCall } from '../magic.js';

export const time: Magic = {
  summary: 'run the cell (or the rest of the line) and tell how long it took',
  usage: ['%%time', '%time EXPRESSION'],
  line: call => timed(call, { text: call.text, firstLine: 0 }),
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
