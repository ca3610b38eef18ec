import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notebook } from './notebook.js';

/** A notebook beside a module that uses what cells below declare for themselves. */
function project() {
  const book = notebook();
  writeFileSync(
    join(book.folder, 'uses.mjs'),
    'export const later = () => new Promise(resolve => setTimeout(() => resolve([typeof process.pid, new Map().size, new URL("a:b").href].join()), 1))',
  );
  return book;
}

test('names of globals that cells declare are theirs, and modules and the kernel keep the globals', async () => {
  const { run } = project();
  await run("import { later } from './uses.mjs'");
  await run(
    "import { setTimeout } from 'node:timers/promises'; const performance = [1, 2], process = { name: 'p1' }",
  );
  await run(
    "class Map { constructor(readonly own = 'mine') {} static make() { return new Map() } }; var URL = 'here'",
  );
  await run(
    "class Error {}; enum Symbol { A }; let Promise = 1; function Set() { return Set.name }; const console = 'c'",
  );
  expect((await run('await setTimeout(1); await later()')).text).toBe("'number,0,a:b'");
  expect(
    (await run('[process.name, performance.length, URL, console, Promise, Symbol.A, Set()].join()')).text,
  ).toBe("'p1,2,here,c,1,0,Set'");
  expect((await run('[Map.make().own, Map.name, new globalThis.Map().size].join()')).text).toBe(
    "'mine,Map,0'",
  );
  expect((await run('nothing')).text).toBe('ReferenceError: nothing is not defined');
  expect((await run('[{ a: 1 }]')).text).toContain('a\n-\n1');
});

test('a declared name of a global works as a property, a label, a parameter and in patterns', async () => {
  const { run } = project();
  await run(
    'const { Event, x: Blob = 5 } = { Event: 3 } as any; const o = { Event, Blob, Request: 7, Event2: { Event: 8 } }',
  );
  expect(
    (await run('[o.Event, o.Blob, o.Event2.Event, [1].map(Event => Event + 1), typeof Blob].join()')).text,
  ).toBe("'3,5,8,2,number'");
  expect(
    (
      await run(
        'let Event = 0; Event: for (;;) { Event++; break Event }; ({ Event } = { Event: Event + 8 }); Event',
      )
    ).text,
  ).toBe('9');
  expect((await run('for (var Request of [1, 2]); Request')).text).toBe('2');
});

test('a declared name of a global completes and explains itself by that name', async () => {
  const { run, typescript } = project();
  await run('const process = { special: 1 }');
  expect((await typescript.complete('process.sp', 10)).matches).toEqual(['special']);
  expect((await typescript.complete('proces', 6)).matches).toEqual(['process']);
  expect((await typescript.inspect('process', 3, 0))!['text/plain']).toContain('{ special }');
});
