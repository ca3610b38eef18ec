import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notebook, traceback } from './notebook.js';

const traced = `function traced(method: Function, context: ClassMethodDecoratorContext) {
  context.addInitializer(function () { console.log('ready', String(context.name)) });
  return function (this: any, ...args: any[]) { console.log('call'); return method.apply(this, args) };
}`;

test('standard decorators of methods, with initializers', async () => {
  const { run } = notebook();
  const { stdout, text } = await run(
    `${traced}\nclass Service { @traced run(x: number) { return x * 2 } }\nnew Service().run(4)`,
  );
  expect([stdout, text]).toEqual(['ready run\ncall\n', '8']);
  expect((await run('class Next { @traced go() { return 1 } }\nnew Next().go()')).stdout).toBe(
    'ready go\ncall\n',
  );
});

test.each([
  [
    'a field',
    'function plus(_: undefined, context: ClassFieldDecoratorContext) { return (n: number) => n + 1 }',
    'class C { @plus n = 1 }',
    'new C().n',
    '2',
  ],
  [
    'a static field',
    'function plus(_: undefined, context: ClassFieldDecoratorContext) { return (n: number) => n + 1 }',
    'class C { @plus static n = 1 }',
    'C.n',
    '2',
  ],
  [
    'a private field',
    'function plus(_: undefined, context: ClassFieldDecoratorContext) { return (n: number) => n + (context.private ? 1 : 5) }',
    'class C { @plus #n = 1; get() { return this.#n } }',
    'new C().get()',
    '2',
  ],
  [
    'a getter',
    'function twice(get: () => number, context: ClassGetterDecoratorContext) { return function (this: any) { return 2 * get.call(this) } }',
    'class C { @twice get n() { return 3 } }',
    'new C().n',
    '6',
  ],
  [
    'a setter',
    'function twice(set: (n: number) => void, context: ClassSetterDecoratorContext) { return function (this: any, n: number) { set.call(this, 2 * n) } }',
    'class C { m = 0; @twice set n(v: number) { this.m = v } }',
    'const c = new C(); c.n = 4; c.m',
    '8',
  ],
  [
    'an accessor',
    'function up({ get, set }: ClassAccessorDecoratorTarget<any, number>, context: ClassAccessorDecoratorContext) { return { get(this: any) { return get.call(this) + 1 }, set } }',
    'class C { @up accessor n = 1 }',
    'const c = new C(); c.n = 5; c.n',
    '6',
  ],
  [
    'a class',
    'function named(value: any, context: ClassDecoratorContext) { value.label = context.name; context.addInitializer(function (this: any) { this.ready = true }) }',
    '@named class C {}',
    '(C as any).label + (C as any).ready',
    "'Ctrue'",
  ],
  [
    'a class expression',
    'function named(value: any, { kind, name }: ClassDecoratorContext) { value.label = kind }',
    'const C = @named class {}',
    '(C as any).label',
    "'class'",
  ],
  [
    'a factory',
    'const times = (factor: number, name = "x") => (value: any, context: ClassMethodDecoratorContext) => function (this: any) { return factor * value.call(this) }',
    'class C { @times(3) m() { return 2 } }',
    'new C().m()',
    '6',
  ],
  [
    'several, in their order',
    'const add = (text: string) => (value: any, context: ClassMethodDecoratorContext) => function (this: any) { return value.call(this) + text }',
    "class C { @add('2') @add('1') m() { return '' } }",
    'new C().m()',
    "'12'",
  ],
  [
    'metadata',
    'function note(_: unknown, context: any) { context.metadata.noted = context.name }',
    'class C { @note m() {} }',
    '(C as any)[Symbol.metadata].noted',
    "'m'",
  ],
])('standard decorators: %s', async (_, decorator, declared, value, expected) => {
  for (const cells of [[decorator, declared, value], [`${decorator}\n${declared};\n${value}`]]) {
    const { run } = notebook();
    let last = await run('0');
    for (const code of cells) last = await run(code);
    expect(last.text).toBe(expected);
  }
});

test.each([
  [
    'of methods',
    'function log(target: any, key: string, descriptor: PropertyDescriptor) { descriptor.value = () => key }',
    'class C { @log m() { return 1 } }',
    'new C().m()',
    "'m'",
  ],
  [
    'of properties',
    'function mark(target: any, propertyKey: string) { target.marked = propertyKey }',
    'class C { @mark n = 1 }',
    '(new C() as any).marked',
    "'n'",
  ],
  [
    'of parameters',
    'const seen: unknown[] = []; function inject(...all: unknown[]) { seen.push(all[2]) }',
    'class C { m(a: number, @inject b: number) {} }',
    'seen.join()',
    "'1'",
  ],
  [
    'that are made',
    'const column = (name: string) => function (object: object, propertyName: string) { (object as any).column = name + propertyName }',
    "class C { @column('c_') n = 1 }",
    '(new C() as any).column',
    "'c_n'",
  ],
])(
  'experimental decorators go on working beside them: %s',
  async (_, decorator, declared, value, expected) => {
    for (const cells of [[decorator, declared, value], [`${decorator}\n${declared};\n${value}`]]) {
      const { run } = notebook();
      await run(`${traced}\nclass Standard { @traced run() { return 1 } }`);
      let last = await run('0');
      for (const code of cells) last = await run(code);
      expect(last.text).toBe(expected);
      expect((await run('new Standard().run()')).stdout).toBe('ready run\ncall\n');
    }
  },
);

test('tsconfig.json decides, and what it extends', async () => {
  const { run, folder } = notebook();
  const decorate =
    'function d(first: any, second: any) { console.log(typeof second) }\nclass C { @d m() {} }; 0';
  expect((await run(decorate)).stdout).toBe('object\n');
  writeFileSync(
    join(folder, 'base.json'),
    '{ "compilerOptions": { /* old */ "experimentalDecorators": true, } }',
  );
  writeFileSync(join(folder, 'tsconfig.json'), '{ "extends": "./base.json" }');
  expect((await run(decorate)).stdout).toBe('string\n');
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "experimentalDecorators": false } }');
  expect(
    (await run(decorate.replace('second: any', 'key: any').replace('typeof second', 'typeof key'))).stdout,
  ).toBe('object\n');
});

test('both kinds in one cell are refused by name', async () => {
  const { run } = notebook();
  const { text } = await run(
    `function a(v: any, context: any) {}\nfunction b(t: any, key: string, d: any) {}\nclass C { @a m() {} }\nclass D { @b m() {} }`,
  );
  expect(text).toMatch(/SyntaxError: @a is a standard decorator, @b an experimental one.*tsconfig\.json/);
});

test('imported files have standard decorators, and errors in decorated code have their place', async () => {
  const { run, folder } = notebook();
  writeFileSync(
    join(folder, 'lib.ts'),
    `export ${traced}\nexport class Lib { @traced run(x: number) { return x } }\nexport type T = number`,
  );
  expect((await run("import { Lib, traced, type T } from './lib.ts'; new Lib().run(3)")).stdout).toBe(
    'ready run\ncall\n',
  );
  const failed = await run(
    'class Bad { @traced run(): void {\n    throw new Error("here")\n} }\nnew Bad().run()',
  );
  expect(traceback(failed)).toContain(':2:11');
  expect(traceback(failed)).toContain(':4:11');
});

test('cells with decorators still have imports for later cells, and the value of their last line', async () => {
  const { run } = notebook();
  expect(
    (
      await run(
        `import { sep, delimiter } from 'node:path'\n${traced}\nclass S { @traced m() {} }\nawait Promise.resolve(7)`,
      )
    ).text,
  ).toBe('7');
  expect((await run('sep + delimiter')).text).toBe("'/:'");
});

test('%typecheck accepts decorators of both kinds, and finds what is wrong in them', {
  timeout: 120_000,
}, async () => {
  const { run, typescript } = notebook();
  typescript.typecheck(true);
  const same = 'function same(method: Function, context: ClassMethodDecoratorContext) { return method }';
  expect((await run(`${same}\nclass Other { @same run() { return 1 } }; 1`)).text).toBe('1');
  expect(
    (
      await run(
        'function old(target: any, key: string, descriptor: PropertyDescriptor) {}\nclass Old { @old run() { return 1 } }; 2',
      )
    ).text,
  ).toBe('2');
  expect((await run('class Wrong { @same run() { return 1 } }\nconst n: number = "text"')).text).toMatch(
    /^TypeScriptError: .*TS2322/,
  );
  expect((await run('class Field { @same n = 1 }')).text).toMatch(/^TypeScriptError: /);
});
