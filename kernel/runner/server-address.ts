import { UsageError } from '../../src/index.js';

export interface ServerAddress {
  /** Of the Jupyter server, with its base path and a slash at the end: `http://localhost:8888/`. */
  url: string;
  token?: string;
}

/**
 * Where the server of `--server` is. Jupyter prints its own URL with the token and a page in it
 * (`http://localhost:8888/lab?token=…`), and so it may be pasted; what `--token` says goes before.
 */
export function serverAddress(text: string, asked: string | undefined, usual?: string): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError({
      asked: '--server needs the URL of a Jupyter server',
      found: `"${text}"`,
      todo: 'write http://localhost:8888/',
    });
  }
  const token = asked ?? url.searchParams.get('token') ?? usual;
  const base = url.pathname.replace(/\/(lab|tree)(\/.*)?$/, '/').replace(/\/?$/, '/');
  return { url: `${url.origin}${base}`, ...(token ? { token } : {}) };
}
