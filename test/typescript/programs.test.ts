import { expect, test, vi } from 'vitest';
import { notebook } from './notebook.js';

test('programs that a cell starts write into the cell, before it is done', async () => {
  const { run } = notebook();
  await run("import { execSync } from 'node:child_process'");
  const { stdout, stderr } = await run("execSync('echo out; echo err >&2', { stdio: 'inherit' })");
  expect([stdout, stderr]).toEqual(['out\n', 'err\n']);
});

const LATE_PROGRAM = `sh('read go < ' + fifo + '; echo late; echo wrong >&2')`;

test.each([
  ['spawned with inherited streams', "const sh = s => spawn('sh', ['-c', s], { stdio: 'inherit' })"],
  [
    'spawned with the streams of the process',
    "const sh = s => spawn('sh', ['-c', s], { stdio: ['ignore', process.stdout, process.stderr] })",
  ],
  ['spawned with numbers', "const sh = s => spawn('sh', ['-c', s], { stdio: ['ignore', 1, 2] })"],
  [
    'a program that outlives the shell that started it',
    "const sh = s => spawn('sh', ['-c', '(' + s + ') &'], { stdio: 'inherit' })",
  ],
  [
    'waited for in a timer',
    "const sh = s => setTimeout(() => spawnSync('sh', ['-c', s], { stdio: ['ignore', 'inherit', 'inherit'] }), 100)",
  ],
  [
    'forked',
    `const sh = s => { writeFileSync('child.mjs', "import { execSync } from 'node:child_process'; execSync(process.argv[2], { stdio: 'inherit' })"); fork('child.mjs', [s]) }`,
  ],
])('what a program writes late goes to the cell that started it: %s', async (_, start) => {
  const { run, cells } = notebook();
  await run(`
    import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    const fifo = process.cwd() + '/fifo';
    execFileSync('mkfifo', [fifo])`);
  await run(`${start}; void ${LATE_PROGRAM}`);
  await run(
    "await new Promise(r => spawn('sh', ['-c', 'echo > ' + fifo]).on('exit', r)); console.log('own')",
  );
  await vi.waitFor(() => expect([cells[1]!.stdout, cells[1]!.stderr]).toEqual(['late\n', 'wrong\n']));
  expect([cells[2]!.text, cells[2]!.stdout, cells[2]!.stderr]).toEqual([undefined, 'own\n', '']);
});

test('programs keep their streams, their exit status and what the caller asked for', async () => {
  const { run } = notebook();
  await run("import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process'");
  const mixed = await run(
    "const { stdout, status } = spawnSync('sh', ['-c', 'echo kept; echo shown >&2; exit 3'], { stdio: ['ignore', 'pipe', 'inherit'] }); [String(stdout), status].join()",
  );
  expect([mixed.text, mixed.stdout, mixed.stderr]).toEqual(["'kept\\n,3'", '', 'shown\n']);
  expect((await run("String(execSync('echo a'))")).text).toBe("'a\\n'");
  expect((await run("String(execFileSync('echo', ['b'], { encoding: 'utf8' }))")).text).toBe("'b\\n'");
  const streams = await run(
    "const child = spawn('true', { stdio: 'inherit' }); [child.stdout, child.stderr, await new Promise(r => child.on('exit', r))].join()",
  );
  expect(streams.text).toBe("',,0'");
  const failed = await run("execSync('echo said >&2; exit 4', { stdio: 'inherit' })");
  expect(failed.text).toContain('Command failed: echo said');
  expect(failed.stderr).toBe('said\n');
  expect((await run("execSync('echo said by default >&2'); 0")).stderr).toBe('said by default\n');
});

test('a program writes on while the code of its cell computes, and megabytes arrive before the cell is done', async () => {
  const { run, start } = notebook();
  await run("import { execSync, spawn } from 'node:child_process'");
  const { shown, done, interrupt } = start(
    "spawn('echo', ['while it computes'], { stdio: 'inherit' }); while (true) {}",
  );
  await vi.waitFor(() => expect(shown.stdout).toBe('while it computes\n'));
  interrupt();
  await done;
  const { stdout } = await run("execSync('seq 500000', { stdio: 'inherit' }); 0");
  expect(stdout.split('\n')).toHaveLength(500_001);
  expect(stdout.endsWith('\n499999\n500000\n')).toBe(true);
});

test('what a thread writes late, and what is written to a descriptor, goes to the cell that caused it', async () => {
  const { run, cells } = notebook();
  await run("import { writeSync, write } from 'node:fs'; import { Worker } from 'node:worker_threads'");
  await run(`
    const worker = new Worker("const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => { console.log('by a thread'); parentPort.close() })", { eval: true });
    setTimeout(() => { writeSync(1, 'one '); writeSync(1, Buffer.from('-two-'), 1, 3) ; write(2, 'three', () => {}) }, 50); 0`);
  await run(
    "worker.postMessage('go'); await new Promise(r => worker.on('exit', r)); await new Promise(r => setTimeout(r, 100))",
  );
  await vi.waitFor(() => {
    expect(cells[1]!.stdout).toContain('by a thread\n');
    expect(cells[1]!.stdout).toContain('one two');
    expect(cells[1]!.stderr).toBe('three');
  });
  expect([cells[2]!.stdout, cells[2]!.stderr]).toEqual(['', '']);
});

test('what the console and programs write stands in the order in which it was written', async () => {
  const { run } = notebook();
  await run("import { execSync, spawn, spawnSync } from 'node:child_process'");
  const lines = (...parts: string[]) =>
    [0, 1, 2, 3, 4].flatMap(i => parts.map(part => `${part}${i}\n`)).join('');
  const waited = await run(
    "for (let i = 0; i < 5; i++) { console.log('a' + i); spawnSync('echo', ['b' + i], { stdio: 'inherit' }); console.log('c' + i) }",
  );
  expect(waited.stdout).toBe(lines('a', 'b', 'c'));
  const awaited = await run(
    "for (let i = 0; i < 5; i++) { console.log('a' + i); await new Promise(r => spawn('echo', ['b' + i], { stdio: 'inherit' }).on('exit', r)); console.log('c' + i) }",
  );
  expect(awaited.stdout).toBe(lines('a', 'b', 'c'));
  const failed = await run("execSync('echo said; echo wrong >&2; exit 1', { stdio: 'inherit' })");
  expect([failed.stdout, failed.stderr]).toEqual(['said\n', 'wrong\n']);
});

test('programs open /dev/stdout and /dev/stderr, write to a fourth descriptor, and end in the middle of a character', async () => {
  const { run } = notebook();
  await run("import { execSync, spawnSync } from 'node:child_process'");
  const opened = await run(
    "execSync('echo one > /dev/stderr; echo two | tee /dev/stderr > /dev/stdout', { stdio: 'inherit' }); 0",
  );
  expect([opened.stdout, opened.stderr]).toEqual(['two\n', 'one\ntwo\n']);
  const fourth = await run(
    "spawnSync('sh', ['-c', 'yes | head -c 3000000 >&3; echo $? >&2'], { stdio: ['ignore', 'ignore', 'inherit', 1] }); 0",
  );
  expect([fourth.stdout.length, fourth.stderr]).toEqual([3_000_000, '0\n']);
  const broken = await run("spawnSync('printf', ['\\\\303'], { stdio: 'inherit' }); 0");
  await vi.waitFor(() => expect(broken.stdout).toBe('\ufffd'));
});

test('who closes a standard stream of the notebook, or writes to it in other ways, harms nothing', async () => {
  const { run } = notebook();
  await run("import fs from 'node:fs'; import { spawnSync } from 'node:child_process'");
  const ended = await run(
    "const out = fs.createWriteStream('', { fd: 1 }); out.write('a'); out.write('b'); out.end('c\\n'); await new Promise(r => out.on('close', r))",
  );
  expect(ended.stdout).toBe('abc\n');
  expect((await run("spawnSync('echo', ['spawned'], { stdio: 'inherit' }); 0")).stdout).toBe('spawned\n');
  const file = await run(
    "fs.closeSync(2); const f = fs.openSync('log', 'w'); fs.writeSync(f, 'kept'); String(fs.readFileSync('log'))",
  );
  expect([file.text, file.stderr]).toEqual(["'kept'", '']);
  const { stdout, text } = await run(
    "fs.writevSync(1, [Buffer.from('1'), Buffer.from('2')]); fs.writeFileSync(1, '3'); fs.appendFileSync(1, Buffer.from('4')); fs.writeSync(1, 'YWI=', null, 'base64')",
  );
  expect([stdout, text]).toEqual(['1234ab', '2']);
  for (const wrong of [
    'fs.writeSync(1)',
    'fs.writeSync(1, {})',
    "fs.writeSync(1, Buffer.from('abc'), 10, 10)",
  ]) {
    const elsewhere = wrong.replace('(1', "(fs.openSync('/dev/null', 'w')");
    const { text: said } = await run(wrong);
    expect(said).toMatch(/Error: The/);
    expect(said).toBe((await run(elsewhere)).text);
  }
});

test('where no FIFOs can be made a program still runs, and its output goes to the newest cell', async () => {
  const { run } = notebook();
  await run("import { spawnSync } from 'node:child_process'");
  const { text, stdout } = await run(
    "const { PATH } = process.env; process.env.PATH = ''; const { status } = spawnSync('/bin/echo', ['there'], { stdio: 'inherit' }); process.env.PATH = PATH; status",
  );
  expect([text, stdout]).toEqual(['0', 'there\n']);
});

test('an interrupt ends the program that a cell waits for, and what would have come after it', async () => {
  const { run, start } = notebook();
  await run(`
    import { execFile, spawnSync } from 'node:child_process';
    import { appendFileSync, existsSync, readFileSync } from 'node:fs';
    import { promisify } from 'node:util';
    const steps = () => existsSync('steps') ? String(readFileSync('steps')) : ''`);
  const interrupted = async (code: string) => {
    const { done, shown, interrupt } = start(`console.log('begun'); ${code}`);
    await vi.waitFor(() => expect(shown.stdout).toBe('begun\nruns\n'));
    interrupt();
    return (await done).text;
  };
  const program = "'sh', ['-c', 'echo runs; exec sleep 100'], { stdio: ['ignore', 'inherit', 'inherit'] }";
  expect(await interrupted(`spawnSync(${program}); appendFileSync('steps', 'after')`)).toContain(
    'InterruptedError',
  );
  const awaited = `await new Promise(r => { child = spawn(${program}); child.on('exit', r) })`;
  await run("import { spawn } from 'node:child_process'; let child");
  expect(await interrupted(`${awaited}; appendFileSync('steps', 'after')`)).toContain('InterruptedError');
  expect(
    (await run("child.signalCode ?? await new Promise(r => child.on('exit', (_, how) => r(how)))")).text,
  ).toBe("'SIGINT'");
  expect(await interrupted(`while (true) { ${awaited}; appendFileSync('steps', 'again') }`)).toContain(
    'InterruptedError',
  );
  expect(
    await interrupted(
      `try { ${awaited} } finally { await null; await null; appendFileSync('steps', 'cleaned') }`,
    ),
  ).toContain('InterruptedError');
  await vi.waitFor(async () => expect((await run('steps()')).text).toBe("'cleaned'"));
});
