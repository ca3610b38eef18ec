import { expect, test } from 'vitest';
import { diagnose } from '../../src/nix/index.js';

const told = (text: string) =>
  diagnose(text).map(({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`);

test('a source without faults has no diagnostics', () => {
  expect(
    told(
      '{ pkgs, lib, ... }@args: let f = x: with pkgs; [ nodejs x ]; in { a = f 1; inherit lib; inherit (args) b; }',
    ),
  ).toEqual([]);
});

test('every syntax error is told, not only the first', () => {
  expect(told('{\n  a = ;\n  b = 2;\n  c = [ 1 = 2 ];\n  d = { x = 1 };\n}')).toEqual([
    "error 2:7 expected a value; found ';'",
    "error 4:11 expected a value; found '='",
    "error 5:15 expected ';' after the value of 'x'; found '}'",
  ]);
});

test('a missing semicolon is shown where it is missing', () => {
  expect(told('{\n  a = 1\n  b.c = 2;\n}')).toEqual(["error 2:8 expected ';' after the value of 'a'"]);
});

test('a string or comment that never ends is shown at its beginning, alone', () => {
  expect(told('{ a = "abc;\n}')).toEqual(['error 1:7 this string is never closed; " is missing']);
  expect(told("{ a = ''\nabc;\n}")).toEqual(["error 1:7 this string is never closed; '' is missing"]);
  expect(told('{ a = 1; /* b\n}')).toEqual(['error 1:10 this comment is never closed; */ is missing']);
});

test('an attribute that is defined twice names the first place', () => {
  expect(told('{ a.b = 1; a = { b = 2; }; }')).toEqual([
    "error 1:18 attribute 'a.b' is defined twice; found it is defined at (string):1:5 already",
  ]);
});

test('undefined variables are errors, except where with may bring them', () => {
  expect(told('{ pkgs, ... }: [ pgks.nodejs ]')).toEqual([
    "error 1:18 undefined variable 'pgks'; did you mean pkgs?",
  ]);
  expect(told('{ pkgs, ... }: with pkgs; [ nodejs ]')).toEqual([]);
});

test('names of let that nobody uses are warnings', () => {
  expect(told('let a = 1; b = a; _c = 2; in 3')).toEqual(["warning 1:12 'b' is never used"]);
});

test('a diagnostic spans what it is about', () => {
  expect(diagnose('let\n  unused = 1;\nin 2')).toMatchObject([
    { line: 2, column: 3, endLine: 2, endColumn: 9 },
  ]);
});
