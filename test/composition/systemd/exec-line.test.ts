import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExecLine } from '../../../src/composition/systemd/exec-line.js';

const context = { name: 'worker@a-b.service', environment: { PORT: '80', LIST: 'x  y' }, what: 'ExecStart' };
const parse = (line: string) => parseExecLine(line, context);
const argv = (line: string) =>
  parse(line).map(command => (command.kind === 'exec' ? command.argv : command.text));

/** Runs a command that became a script, with some variables of the node's. */
function run(line: string, environment: Record<string, string> = {}): string {
  const [command] = parse(line);
  if (command?.kind !== 'script') throw new Error('not a script');
  return execFileSync('bash', ['--norc', '-c', command.text], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('an ExecStart line', () => {
  it.each([
    ['/bin/echo one two', [['/bin/echo', 'one', 'two']]],
    [`/bin/echo "a b" 'c "d"' e"f g"`, [['/bin/echo', 'a b', 'c "d"', 'ef g']]],
    ['/bin/echo a\\x20b "tab\\tend" \\u00e9', [['/bin/echo', 'a b', 'tab\tend', 'é']]],
    ['/bin/echo "" end', [['/bin/echo', '', 'end']]],
    [
      '/bin/echo a ; /bin/echo b',
      [
        ['/bin/echo', 'a'],
        ['/bin/echo', 'b'],
      ],
    ],
    ['/bin/echo a \\; b ";"', [['/bin/echo', 'a', ';', 'b', ';']]],
    [
      '/bin/echo %n %N %p %i %I 100%%',
      [['/bin/echo', 'worker@a-b.service', 'worker@a-b', 'worker', 'a-b', 'a/b', '100%']],
    ],
    [
      '/bin/echo ${PORT} -p${PORT} $PORT $LIST "${LIST}"',
      [['/bin/echo', '80', '-p80', '80', 'x', 'y', 'x  y']],
    ],
    ['/bin/echo $$PORT a$PORT', [['/bin/echo', '$PORT', 'a$PORT']]],
    [':/bin/echo ${PORT}', [['/bin/echo', '${PORT}']]],
    ['+/bin/true', [['/bin/true']]],
    ['', []],
    ['  \n ', []],
  ])('%s', (line, expected) => {
    expect(argv(line)).toEqual(expected);
  });

  it.each([
    ['worker@\\xff.service', '\\xff'],
    ['worker@a\\x2db-c\\xc3\\xa9.service', 'a-b/cé'],
    ['worker@100%41.service', '100%41'],
  ])('has the unescaped instance of %s', (name, instance) => {
    expect(parseExecLine('/bin/echo %I', { ...context, name })).toMatchObject([
      { argv: ['/bin/echo', instance] },
    ]);
  });

  it('says with - that a failure does not matter', () => {
    expect(parse('-/bin/false')).toEqual([{ kind: 'exec', argv: ['/bin/false'], ignoreFailure: true }]);
  });

  it('knows the node where it runs', () => {
    expect(
      run('/bin/echo %H "[${WHO}]" $MANY $NONE end', { HOSTNAME: 'client1', WHO: 'a  b', MANY: 'x *  y' }),
    ).toBe(
      `${execFileSync('hostname', { encoding: 'utf8' }).trim()} [a  b] x * y end\n`.replace(
        /^\S+/,
        'client1',
      ),
    );
    expect(run("-/bin/sh -c 'exit 3' ${X}")).toBe('');
  });

  it('runs a program under another name with @', () => {
    expect(run('@/bin/bash mybash -c "echo $$0"')).toBe('mybash\n');
  });

  it.each([
    ['/bin/echo "open', 'the quote " is not closed in /bin/echo "open'],
    ['/bin/echo \\q', '\\q is not an escape'],
    ['/bin/echo %m', 'ExecStart uses the specifier %m'],
    ['(sleep 1)', 'ExecStart does not begin with a program\nfound: "(sleep"'],
    ['/bin/${PROGRAM}', 'ExecStart does not begin with a program'],
    ['@/bin/sh', 'ExecStart has @ but no name after the program'],
  ])('%s is explained', (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it('keeps any arguments that are escaped as systemd wants it', () => {
    // utils.escapeSystemdExecArg
    const escaped = (argument: string) =>
      JSON.stringify(argument).replaceAll('%', '%%').replaceAll('$', '$$$$');
    const argument = fc.string({ unit: 'binary' }).filter(text => !/[\0-\x1f\x7f-\uffff]/u.test(text));
    fc.assert(
      fc.property(fc.array(argument), list => {
        expect(argv(['/bin/echo', ...list.map(escaped)].join(' '))).toEqual([['/bin/echo', ...list]]);
      }),
    );
  });

  it('gives commands or a clear error, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab /-@:%n$H{}"\'\\;x0 ') }), line => {
        try {
          for (const command of parse(line)) expect(command.kind).toMatch(/^(exec|script)$/);
        } catch (error) {
          expect(error).toMatchObject({ name: 'CompositionError' });
        }
      }),
    );
  });
});
