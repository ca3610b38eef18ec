/** The thread of png.ts: draws what it is sent and answers with the picture or the error. */
import { parentPort } from 'node:worker_threads';
import { draw } from './draw.js';
import type { Drawn, DrawRequest } from './png.js';

parentPort!.on('message', async ({ id, spec }: DrawRequest) => {
  const answer: Drawn = await draw(spec).then(
    picture => ({ id, picture }),
    error => ({ id, error: error instanceof Error ? error : new Error(String(error)) }),
  );
  parentPort!.postMessage(answer);
});
