import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { resolveStorePath } from '../../composition/store.js';
import type { JobContext } from '../../jobs/job.js';
import type { Engine } from './engine/engine.js';
import { refusal } from './engine/errors.js';
import { DockerError } from './errors.js';

const repository = 'nxc-docker-base-image';

/**
 * Sees to it that the engine has the image of a build; returns what containers call it. Upstream's tag is the same for all
 * projects, so each image gets one of its own, which also tells whether it was loaded before: a store path never changes.
 */
export async function ensureImage(engine: Engine, tarball: string, jobs: JobContext): Promise<string> {
  const tag = createHash('sha256').update(tarball).digest('hex').slice(0, 16);
  const image = `${repository}:${tag}`;
  const { signal } = jobs;
  if (await engine.find(`/images/${image}/json`, { signal })) return image;
  const job = jobs.job('load image');
  try {
    const loaded = await load(engine, tarball, jobs.signal);
    await engine.post(`/images/${encodeURIComponent(loaded)}/tag`, {
      query: { repo: repository, tag },
      signal,
    });
    job.finish(image);
    return image;
  } catch (error) {
    if (signal.aborted) job.cancel();
    else job.fail((error as Error).message.split('\n')[0]!);
    throw error;
  }
}

/** Returns what the engine calls it: name:tag, or its id. */
async function load(engine: Engine, tarball: string, signal: AbortSignal): Promise<string> {
  const file = resolveStorePath(tarball);
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new DockerError({
      asked: `the image ${tarball} is not in the store`,
      found: 'it was collected as garbage, or built on another machine',
      todo: 'build again with `nxc build -f docker`',
    });
  }
  const answer = await engine.stream('POST', '/images/load', {
    query: { quiet: true },
    body: createReadStream(file),
    signal,
  });
  const messages = (await text(answer)).split('\n').filter(Boolean).map(messageOf);
  const fault = messages.find(({ error }) => error)?.error;
  if (fault) throw refusal(`load ${file}`, 500, fault);
  const said = messages.map(({ stream = '' }) => stream).join('');
  const name = /^Loaded image(?: ID)?: (\S+)$/m.exec(said)?.[1];
  if (name) return name;
  throw new DockerError({
    asked: `${file} is not an image`,
    found: said.trim() || 'the engine found none in it',
    todo: 'build again with `nxc build -f docker`',
  });
}

const messageOf = (line: string): { stream?: string; error?: string } => JSON.parse(line);
