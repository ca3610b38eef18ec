import { parentPort } from 'node:worker_threads';
import { show } from '../../nix/show.js';
import { cachedEvaluation } from './cache.js';
import { packError } from './errors.js';
import { evaluateForLocal, type LocalRequest, namesOf } from './local-evaluation.js';
import type { Answer, Evaluations, Question } from './messages.js';

// The thread that evaluates. It computes one thing at a time and writes nothing: it may be ended at any moment.

const answer = (message: Answer): void => parentPort!.postMessage(message);

parentPort!.on('message', (question: Question) => {
  try {
    answer({ result: resultOf(question) });
  } catch (error) {
    answer({ error: packError(error) });
  }
});

function resultOf(question: Question): unknown {
  if (question.name === 'local') return local(question.request as LocalRequest);
  if (question.name === 'names') return namesOf(question.request as LocalRequest);
  return show(question.request as Evaluations['show']['request'], line => answer({ trace: line }));
}

function local(request: LocalRequest): Evaluations['local']['result'] {
  const { file, name, farm: root, setup, roots } = request;
  const key = `${file}\0${name ?? ''}`;
  const {
    farm,
    files: _,
    ...evaluated
  } = cachedEvaluation(key, [root, setup, roots], () => evaluateForLocal(request));
  return { ...evaluated, packages: farm.packages };
}
