import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { serverAddress } from '../../kernel/runner/server-address.js';
import { ServerKernel } from '../../kernel/runner/server-kernel.js';

it.each([
  ['http://h:8888', { url: 'http://h:8888/' }],
  ['http://h:8888/?token=T', { url: 'http://h:8888/', token: 'T' }],
  ['http://h:8888/lab?token=T', { url: 'http://h:8888/', token: 'T' }],
  ['http://h:8888/lab/tree/study.ipynb', { url: 'http://h:8888/' }],
  ['https://hub/user/ada/tree?token=T', { url: 'https://hub/user/ada/', token: 'T' }],
])('%s, as Jupyter prints it or a browser shows it, is the server at %j', (text, address) => {
  expect(serverAddress(text, undefined)).toEqual(address);
});

it('the token that was given goes before that of the URL, and the usual one comes last', () => {
  expect(serverAddress('http://h/?token=T', 'mine', 'usual').token).toBe('mine');
  expect(serverAddress('http://h/?token=T', undefined, 'usual').token).toBe('T');
  expect(serverAddress('http://h/', undefined, 'usual').token).toBe('usual');
});

const start = (url: string) =>
  ServerKernel.start({
    url,
    notebook: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] },
    name: 'study.ipynb',
    signal: new AbortController().signal,
  });

it('a server that is down, or none of Jupyter, is an error that says so', async () => {
  const server = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await expect(start(url)).rejects.toThrow(`what answers at ${url} is no Jupyter server`);
  await new Promise(resolve => server.close(resolve));
  await expect(start(url)).rejects.toThrow(/cannot be used\nfound: connect ECONNREFUSED 127\.0\.0\.1:\d+\n/);
});
