import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AttrSet,
  Attrs,
  Evaluator,
  type Lambda,
  NixPath,
  NixString,
  primop,
  Thunk,
  VirtualAttrs,
} from '../../src/nix/index.js';

const evaluator = new Evaluator();
const evaluate = (text: string, scope: Record<string, Attrs | VirtualAttrs> = {}) =>
  evaluator.deepForce(evaluator.evaluate(text, { scope }));

describe('values in TypeScript', () => {
  test('are the JavaScript values nearest to those of Nix', () => {
    expect(evaluate('[ null true 1 1.5 "a" ]')).toEqual([null, true, 1n, 1.5, 'a']);
    expect(evaluate('/a/./b')).toEqual(new NixPath('/a/b'));
    const attrs = evaluate('{ b = 1; a = 2; }') as AttrSet;
    expect([...attrs]).toEqual([
      ['a', 2n],
      ['b', 1n],
    ]);
  });

  test('tell where their attributes were written', () => {
    const attrs = evaluator.evaluate('{\n  a.b = 1;\n} // { c = 2; }', { file: '/p/x.nix' }) as AttrSet;
    expect(String(attrs.position('a'))).toBe('/p/x.nix:2:3');
    expect(String(attrs.position('c'))).toBe('/p/x.nix:3:8');
    expect(Attrs.from({ made: 1n }).position('made')).toBeUndefined();
  });

  test('are computed only when they are needed, and once', () => {
    let count = 0;
    const counted = primop('counted', 1, value => {
      count++;
      return value;
    });
    const value = evaluator.evaluate('let x = counted 1; in { a = x; b = x; c = counted 2; }', {
      scope: { counted },
    });
    expect(count).toBe(0);
    const attrs = value as AttrSet;
    expect([evaluator.force(attrs.get('a')!), evaluator.force(attrs.get('b')!), count]).toEqual([1n, 1n, 1]);
  });

  test('include functions whose pattern can be looked at and that can be called', () => {
    const fn = evaluator.evaluate('{ a, b ? 1, ... }: a + b') as Lambda;
    expect([...fn.formals!]).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(fn.open).toBe(true);
    expect(evaluator.call(fn, Attrs.from({ a: Thunk.of(() => 5n), other: null }))).toBe(6n);
  });

  test('take TypeScript functions of several arguments, called with some or all', () => {
    const join = primop('join', 3, (a, b, c) => [a, b, c].map(each => evaluator.force(each)).join('-'));
    expect(
      evaluator.evaluate('map (join 1 2) [ 3 4 ] ++ [ (join 5 6 7) ]', { scope: { join } }),
    ).toHaveLength(3);
    expect(evaluator.print(evaluator.evaluate('map (join 1 2) [ 3 4 ]', { scope: { join } }))).toBe(
      '[ "1-2-3" "1-2-4" ]',
    );
  });

  test('keep the context of strings through interpolation and builtins', () => {
    const tracked = new NixString('/nix/store/x', new Set(['/nix/store/x']));
    const result = evaluator.evaluate(
      'builtins.concatStringsSep ":" [ "${p}/bin" (builtins.substring 0 3 p) ]',
      {
        scope: { p: tracked },
      },
    );
    expect(result).toEqual(new NixString('/nix/store/x/bin:/ni', new Set(['/nix/store/x'])));
  });
});

describe('virtual sets', () => {
  const asked: string[] = [];
  const pkgs = new VirtualAttrs({
    get: name => {
      asked.push(name);
      return name === 'broken' ? undefined : Attrs.from({ outPath: `/host/${name}`, pname: name });
    },
    has: name => name !== 'broken',
    names: () => [],
  });
  beforeEach(() => asked.splice(0));

  test('have any attribute, through selection, with, interpolation and ?', () => {
    expect(evaluate('"${pkgs.nodejs}/bin/node"', { pkgs })).toBe('/host/nodejs/bin/node');
    expect(evaluate('map (p: p.pname) (with pkgs; [ curl git ])', { pkgs })).toEqual(['curl', 'git']);
    expect(evaluate('[ (pkgs ? foo) (pkgs ? broken) (pkgs.broken or 1) ]', { pkgs })).toEqual([
      true,
      false,
      1n,
    ]);
    expect(evaluate('let inherit (pkgs) jq; in jq.pname', { pkgs })).toBe('jq');
  });

  test('make each attribute once', () => {
    evaluate('[ pkgs.a pkgs.a (with pkgs; a) ]', { pkgs });
    expect(asked).toEqual(['a']);
  });

  test('stay virtual under // and removeAttrs, and fill the arguments of functions', () => {
    expect(evaluate('(pkgs // { own = 1; }).own', { pkgs })).toBe(1n);
    expect(evaluate('(pkgs // { own = 1; }).other.pname', { pkgs })).toBe('other');
    expect(evaluate('removeAttrs pkgs [ "a" ] ? a', { pkgs })).toBe(false);
    expect(evaluate('({ curl, ... }: curl.pname) pkgs', { pkgs })).toBe('curl');
    expect(
      evaluate('builtins.attrNames (builtins.intersectAttrs { a = 1; broken = 2; } pkgs)', { pkgs }),
    ).toEqual(['a']);
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nxc-nix-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);

  test('that were read or looked for are all named', () => {
    write(
      'default.nix',
      '[ (import ./other.nix) (builtins.readFile ./text) (builtins.pathExists ./absent) ]',
    );
    write('other.nix', '1');
    write('text', 'hello');
    const own = new Evaluator();
    expect(own.deepForce(own.import(folder))).toEqual([1n, 'hello', false]);
    expect([...own.files].sort()).toEqual(
      ['absent', 'default.nix', 'other.nix', 'text'].map(name => join(folder, name)),
    );
  });

  test('are evaluated once, however often they are imported', () => {
    write('once.nix', 'builtins.trace "evaluated" 1');
    write('default.nix', '[ (import ./once.nix) (import ./once.nix) ]');
    const lines: string[] = [];
    const own = new Evaluator({ trace: line => lines.push(line) });
    own.deepForce(own.import(folder));
    expect(lines).toEqual(['trace: evaluated']);
  });

  test('have relative paths start from the file they stand in', () => {
    write('a.nix', '{ here = ./x; up = ../y; }');
    const own = new Evaluator();
    const value = own.evaluate('(import path).here', { scope: { path: new NixPath(join(folder, 'a.nix')) } });
    expect(value).toEqual(new NixPath(join(folder, 'x')));
  });

  test('are told of in errors with their own place', () => {
    write('broken.nix', '{\n  a = ;\n}');
    expect(() => new Evaluator().import(join(folder, 'broken.nix'))).toThrow(`at ${folder}/broken.nix:2:7`);
  });

  test('become what the store makes of them when they stand in a string', () => {
    const own = new Evaluator({
      store: {
        addPath: path => `/copied${path}`,
        addText: (name, content) => `/made/${name}/${content.length}`,
      },
    });
    expect(own.evaluate('"${/a}" + builtins.toFile "n" "abc"')).toBe('/copied/a/made/n/3');
    expect(own.toJson(own.evaluate('[ /a ]'))).toEqual(['/copied/a']);
    expect(own.evaluate('toString /a')).toBe('/a');
  });
});

describe('showing values', () => {
  test('prints an error inside a value in its place unless all must be right', () => {
    const value = evaluator.evaluate('{ a = throw "no"; b = [ 1 (throw "neither") ]; }');
    expect(evaluator.print(value, { strict: false })).toBe(
      '{ a = «error: no»; b = [ 1 «error: neither» ]; }',
    );
    expect(() => evaluator.print(value)).toThrow(/^no/);
  });

  test('prints a value that contains itself', () => {
    expect(evaluator.print(evaluator.evaluate('let x = { a = [ x ]; }; in x'))).toBe(
      '{ a = [ «repeated» ]; }',
    );
  });

  test('gives JSON as JavaScript values, and as text with all digits', () => {
    const value = evaluator.evaluate('{ n = 9007199254740993; f = 1.0; s = "a"; d = { outPath = "/o"; }; }');
    expect(evaluator.toJsonText(value)).toBe('{"d":"/o","f":1.0,"n":9007199254740993,"s":"a"}');
    expect(evaluator.toJson(value)).toMatchObject({ d: '/o', f: 1, s: 'a' });
  });

  test('follows attribute paths through sets, lists and functions with defaults', () => {
    const value = evaluator.evaluate('{ x ? 2 }: { "a b" = [ 1 { c = x; } ]; }');
    expect(evaluator.follow(value, '"a b".1.c')).toBe(2n);
    expect(() => evaluator.follow(value, '"a b".5')).toThrow('no item 5');
  });
});
