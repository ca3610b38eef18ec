/**
 * The Docker Engine API over its socket: a request takes about a millisecond, where a call of the docker program takes
 * some fifty. Only what this flavour asks for is here; docs.docker.com/reference/api/engine tells the rest.
 */
import { Agent, type IncomingMessage, request } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { InterruptedError } from '../../../errors.js';
import { connectionError, refusal } from './errors.js';

type Method = 'GET' | 'POST' | 'DELETE';

export interface RequestOptions {
  query?: Readonly<Record<string, string | number | boolean | object>>;
  /** Sent as JSON; a stream is sent as a tar archive. */
  body?: object | Readable;
  signal?: AbortSignal;
  /** Milliseconds until the engine counts as dead; none by default, since a stop may take as long as its units do. */
  timeoutMs?: number;
  /** Refusals that are as good as a success, such as 404 where something shall go. */
  accept?: readonly number[];
}

export class Engine {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(readonly socket: string) {}

  async get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return JSON.parse((await this.ask('GET', path, options)).text) as T;
  }

  /** Undefined when the engine does not know it. */
  async find<T>(path: string, options: RequestOptions = {}): Promise<T | undefined> {
    const answer = await this.ask('GET', path, { ...options, accept: [404] });
    return answer.status === 404 ? undefined : (JSON.parse(answer.text) as T);
  }

  async post<T = void>(path: string, options: RequestOptions = {}): Promise<T> {
    const { text } = await this.ask('POST', path, options);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async delete(path: string, options: RequestOptions = {}): Promise<void> {
    await this.ask('DELETE', path, options);
  }

  /** The answer as it comes; an abort of the signal ends it. */
  async stream(method: Method, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
    const answer = await this.send(method, path, options);
    const { statusCode = 0 } = answer;
    if (statusCode < 400 || options.accept?.includes(statusCode)) return answer;
    throw refusal(`${method} ${path}`, statusCode, messageOf(await text(answer)));
  }

  private async ask(
    method: Method,
    path: string,
    options: RequestOptions,
  ): Promise<{ status: number; text: string }> {
    const answer = await this.stream(method, path, options);
    try {
      return { status: answer.statusCode!, text: await text(answer) };
    } catch (error) {
      if (options.signal?.aborted) throw new InterruptedError();
      throw connectionError(this.socket, error as NodeJS.ErrnoException);
    }
  }

  /** An engine that was started again has closed the connections that wait here: the request then did not reach it. */
  private async send(method: Method, path: string, options: RequestOptions): Promise<IncomingMessage> {
    try {
      return await this.trySend(method, path, options, this.agent);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return this.trySend(method, path, options, false);
    }
  }

  private trySend(
    method: Method,
    path: string,
    { query = {}, body, signal, timeoutMs }: RequestOptions,
    agent: Agent | false,
  ): Promise<IncomingMessage> {
    const words = Object.entries(query).map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : value)}`,
    );
    return new Promise((resolve, reject) => {
      const sent = request({
        socketPath: this.socket,
        agent,
        method,
        path: words.length ? `${path}?${words.join('&')}` : path,
        headers: { Host: 'docker', ...(body ? { 'Content-Type': contentType(body) } : {}) },
        ...(signal ? { signal } : {}),
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      });
      sent.once('response', resolve);
      sent.once('timeout', () => sent.destroy(new Error(`no answer in ${timeoutMs} ms`)));
      sent.once('error', (error: NodeJS.ErrnoException) => {
        if (signal?.aborted) reject(new InterruptedError());
        else if (sent.reusedSocket && !isStream(body ?? {}) && closed.has(error.code ?? ''))
          reject(new StaleConnection());
        else reject(connectionError(this.socket, error));
      });
      if (!body) sent.end();
      // Ends the one when the other breaks off.
      else if (isStream(body)) pipeline(body, sent, () => {});
      else sent.end(JSON.stringify(body));
    });
  }
}

/** What a request on a closed connection fails with. */
const closed = new Set(['ECONNRESET', 'EPIPE']);
class StaleConnection extends Error {}

const isStream = (body: object): body is Readable => 'pipe' in body;

const contentType = (body: object): string => (isStream(body) ? 'application/x-tar' : 'application/json');

function messageOf(answer: string): string {
  try {
    return (JSON.parse(answer) as { message: string }).message;
  } catch {
    return answer.trim();
  }
}

const engines = new Map<string, Engine>();

/** The engine that listens at a socket; the same object for the same socket, so that connections are used again. */
export function engineAt(socket: string): Engine {
  const known = engines.get(socket) ?? new Engine(socket);
  engines.set(socket, known);
  return known;
}
