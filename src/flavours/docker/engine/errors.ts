import { NxcError } from '../../../errors.js';

/** The Docker engine cannot be reached, or refused what was asked of it. */
export class EngineError extends NxcError {
  /** HTTP status of a refusal; undefined when the engine gave no answer. */
  readonly status?: number;

  constructor(parts: ConstructorParameters<typeof NxcError>[0], status?: number) {
    super(parts);
    if (status !== undefined) this.status = status;
  }

  /** It gave no answer: it does not run, ended meanwhile, or may not be asked. */
  get unreachable(): boolean {
    return this.status === undefined;
  }
}

/** What the failure of a connection means, and what to do about it. */
export function connectionError(socket: string, cause: NodeJS.ErrnoException): EngineError {
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    return new EngineError({
      asked: 'no permission to use the Docker engine',
      found: `${socket}: ${cause.message}`,
      todo: '`sudo usermod -aG docker $USER`, then log in again; or run a rootless engine',
      cause,
    });
  }
  if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED') {
    return new EngineError({
      asked: 'the Docker engine is not running',
      found: `nothing is listening at ${socket}`,
      todo: 'start it (`sudo systemctl start docker`), or set DOCKER_HOST to where it listens',
      cause,
    });
  }
  return new EngineError({
    asked: 'the Docker engine ended in the middle of a request',
    found: `${socket}: ${cause.message}`,
    todo: 'see its log (`journalctl -u docker`); what it left is removed by `nxc stop`',
    cause,
  });
}

export function refusal(what: string, status: number, message: string): EngineError {
  const full = /no space left on device|disk quota exceeded/i.test(message);
  return new EngineError(
    {
      asked: `the Docker engine refused: ${what}`,
      found: message,
      ...(full
        ? {
            todo: 'make room on its disk: `docker system df` shows what takes it, `docker image prune` frees some',
          }
        : {}),
    },
    status,
  );
}
