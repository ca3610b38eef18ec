/** Start, execution, output and interrupt of our kernel beside tslab and ipykernel, all with the same client. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KernelClient } from '../../dist/kernel/protocol/client.js';
import { freshConnection, writeConnectionFile } from '../../dist/kernel/protocol/connection-file.js';
import { median, timed } from './measure.mjs';

const python = resolve('.venv/bin/python');
const kernels = {
  ours: {
    argv: file => [process.execPath, 'dist/kernel/main.cjs', 'kernel', 'start', '-f', file],
    loop: 'while (true) {}',
  },
  tslab: {
    argv: file => [process.execPath, 'node_modules/tslab/bin/tslab', 'kernel', '--config-path', file],
  },
};
if (existsSync(python) && spawnSync(python, ['-c', 'import ipykernel']).status === 0) {
  kernels.ipykernel = {
    argv: file => [python, '-m', 'ipykernel_launcher', '-f', file],
    loop: 'while True: pass',
  };
}

/** Starts a kernel, waits until it answers, and gives it to `use`. */
export async function withKernel({ argv, cwd }, use) {
  const folder = await mkdtemp(join(tmpdir(), 'nxc-bench-'));
  const file = join(folder, 'connection.json');
  const connection = await freshConnection();
  await writeConnectionFile(file, connection);
  const start = performance.now();
  const [program, ...args] = argv(file);
  const child = spawn(program, args, { stdio: 'ignore', ...(cwd ? { cwd } : {}) });
  const client = new KernelClient(connection);
  const exited = new Promise(done => child.once('exit', done));
  try {
    await client.ready();
    return await use(client, performance.now() - start, child);
  } finally {
    // Not every kernel answers a shutdown, or ends after one.
    await Promise.race([client.shutdown().catch(() => {}), new Promise(done => setTimeout(done, 1000))]);
    client.close();
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true });
  }
}

export async function benchKernels() {
  const bare = median(await timed(9, () => spawnSync(process.execPath, ['-e', '0'])));
  const figures = {};
  for (const [name, kernel] of Object.entries(kernels)) {
    const starts = [];
    const results = [];
    for (let run = 0; run < 5; run++)
      await withKernel(kernel, async (client, ms) => {
        starts.push(ms);
        // Sent as soon as the kernel answers: the first cell waits for what is still being loaded.
        const [first] = await timed(1, () => client.execute('1+1'));
        results.push(ms + first);
      });
    figures[name] = {
      start: median(starts),
      result: median(results),
      ...(await withKernel(kernel, client => execution(client, kernel))),
    };
  }
  const peers = figure =>
    Object.fromEntries(
      Object.entries(figures)
        .filter(([name, all]) => name !== 'ours' && all[figure] !== undefined)
        .map(([name, all]) => [name, all[figure]]),
    );
  const { ours } = figures;
  return [
    {
      what: 'spawn → kernel_info_reply',
      ours: ours.start,
      goal: `≤ ${(1.5 * bare).toFixed(0)} ms (1.5 × bare node)`,
      peers: { 'bare node': bare, ...peers('start') },
    },
    {
      what: 'spawn → first result of `1+1`',
      ours: ours.result,
      goal: `≤ ${(2.5 * bare).toFixed(0)} ms (2.5 × bare node), ahead of ipykernel`,
      peers: { 'bare node': bare, ...peers('result') },
    },
    { what: 'execute `1+1`, p50', ours: ours.execute, goal: '≤ 1 ms', peers: peers('execute') },
    {
      what: '100,000 lines of console.log',
      ours: ours.lines,
      goal: 'none lost',
      peers: peers('lines'),
      note: `${ours.arrived} lines arrived; kernel_info on the control channel meanwhile took at most ${ours.responsive.toFixed(0)} ms`,
    },
    { what: 'endless loop interrupted', ours: ours.interrupt, goal: '≤ 200 ms', peers: peers('interrupt') },
  ];
}

async function execution(client, { loop }) {
  await timed(20, () => client.execute('1+1'));
  const execute = median(await timed(100, () => client.execute('1+1')));
  const figures = { execute };
  if (!loop) return figures;

  const python = loop.endsWith('pass');
  const cell = python
    ? 'for i in range(100000): print("line", i)'
    : 'for (let i = 0; i < 100000; i++) console.log("line", i)';
  let arrived = 0;
  let responsive = 0;
  let running = true;
  const probe = (async () => {
    // ipykernel does not say idle on this channel while a cell runs.
    while (running && !python)
      responsive = Math.max(responsive, ...(await timed(1, () => client.kernelInfo('control'))));
  })();
  const onOutput = ({ header, content }) => {
    if (header.msg_type === 'stream') arrived += content.text.split('\n').length - 1;
  };
  [figures.lines] = await timed(1, () => client.execute(cell, { onOutput }));
  running = false;
  await probe;
  Object.assign(figures, { arrived, responsive });

  const interrupts = [];
  for (let run = 0; run < 5; run++) {
    let started;
    const begun = new Promise(done => (started = done));
    const flag = python ? `print("go", flush=True)\n${loop}` : `console.log("go"); await 0; ${loop}`;
    const ended = client.execute(flag, {
      onOutput: ({ header }) => header.msg_type === 'stream' && started(),
      stopOnError: false,
    });
    await begun;
    interrupts.push(...(await timed(1, () => Promise.all([client.interrupt(), ended]))));
  }
  figures.interrupt = median(interrupts);
  return figures;
}
