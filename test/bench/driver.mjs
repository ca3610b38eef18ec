/** What the driver costs on top of the transport, in a real kernel on nodes of the flavour `local`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { withKernel } from './kernels.mjs';

const nodes = 200;
const calls = 1000;
const steps = 10_000;

const main = resolve('dist/kernel/main.cjs');
const kernel = cwd => ({ argv: file => [process.execPath, main, 'kernel', 'start', '-f', file], cwd });

// `release` does everything that a call does but ask the node.
const typescript = `
const times = [];
for (let call = 0; call < ${calls}; call++) {
  const began = performance.now();
  await node1.release();
  times.push(performance.now() - began);
}
console.log(times.sort((a, b) => a - b)[${calls / 2}]);`;

const python = `%%nxc driver
import time
times = []
for call in range(${calls}):
    began = time.perf_counter()
    node1.release()
    times.append((time.perf_counter() - began) * 1000)
print(sorted(times)[${calls / 2}])`;

const sweep = `
const space = { a: Array.from({ length: 100 }, (_, i) => i), b: Array.from({ length: ${steps / 100} }, (_, i) => i) };
const began = performance.now();
await sweep(space, ({ a, b }) => ({ c: a * b }), { resume: 'rows.jsonl' });
console.log((performance.now() - began) / ${steps});`;

/** What one write to this disk costs that waits until it is there. */
const disk = `
const { open } = await import('node:fs/promises');
const file = await open('disk', 'a');
const began = performance.now();
for (let i = 0; i < 1000; i++) { await file.appendFile('{"a":1,"b":2,"c":2}\\n'); await file.datasync(); }
console.log((performance.now() - began) / 1000);
await file.close();`;

const fanOut = `
const timed = async work => { const began = performance.now(); await work(); return performance.now() - began; };
const median = async work => { const all = []; for (let i = 0; i < 3; i++) all.push(await timed(work)); return all.sort((a, b) => a - b)[1]; };
await nodes.succeed('true');
const one = await median(() => node1.succeed('sleep 0.5; hostname'));
console.log(one, await median(() => nodes.succeed('sleep 0.5; hostname')));`;

export async function benchDriver() {
  const folder = await mkdtemp(join(tmpdir(), 'nxc-bench-'));
  await writeFile(join(folder, 'nxc.json'), '{"composition":"composition.nix"}');
  await writeFile(join(folder, 'composition.nix'), '{ ... }: { roles.node = { ... }: { }; }\n');
  try {
    return await withKernel(kernel(folder), measure);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(client) {
  const run = async code => {
    let text = '';
    const onOutput = ({ header, content }) => {
      if (header.msg_type === 'stream') text += content.text;
      if (header.msg_type === 'error') text += content.evalue;
    };
    await client.execute(code, { onOutput });
    return text.trim();
  };
  const figures = async code => {
    const text = await run(code);
    const numbers = text.split(/\s+/).map(Number);
    if (numbers.some(Number.isNaN)) throw new Error(text);
    return numbers;
  };
  try {
    const [step] = await figures(sweep);
    const [write] = await figures(disk);
    await run(`%nxc build\n%nxc start -r node=${nodes}`);
    const [fromTypeScript] = await figures(typescript);
    const [fromPython] = await figures(python);
    const [one, all] = await figures(fanOut);
    return [
      {
        what: 'driver call from TypeScript without the transport, p50',
        ours: fromTypeScript,
        goal: '≤ 1 ms',
      },
      { what: 'driver call from Python without the transport, p50', ours: fromPython, goal: '≤ 1 ms' },
      {
        what: `\`sleep 0.5; hostname\` on ${nodes} nodes from a cell`,
        ours: all,
        goal: '≤ 5 × one node',
        peers: { 'one node': one },
      },
      {
        what: `step of a sweep of ${steps} with rows on the disk`,
        ours: step,
        goal: '≤ 2 ms',
        peers: { 'one write that waits for the disk': write },
      },
    ];
  } finally {
    await run('%nxc stop');
  }
}
