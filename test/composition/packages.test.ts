import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HostPrograms } from '../../src/composition/packages/host-programs.js';
import { buildRole } from './build.js';

const bash = (script: string) =>
  execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('pkgs', () => {
  it("leads to this machine's programs, whatever nixpkgs calls their package", async () => {
    const { path } = await buildRole(
      'environment.systemPackages = with pkgs; [ coreutils gnugrep bashInteractive nodejs_20 python3 ];',
    );
    const found = (program: string) =>
      path
        .map(folder => `${folder}/${program}`)
        .filter(file => new HostPrograms(folderOf(file)).find(program));
    expect(path).toHaveLength(5);
    expect(found('ls')).not.toEqual([]);
    expect(bash(`${path[1]}/grep --version`)).toContain('grep');
    expect(bash(`${path[3]}/node --version`).trim()).toBe(process.version);
  });

  it('has the running Node even when PATH has none', () => {
    expect(new HostPrograms('/nowhere').find('node')).toBeDefined();
  });

  it('writes scripts and texts that run and read as they should', async () => {
    const { variables, path } = await buildRole(`
      environment.variables = {
        TEXT = pkgs.writeText "a b" "hello\\n";
        SCRIPT = pkgs.writeShellScript "s" "echo script $1";
        PLAIN = pkgs.writeScript "p" "#!/bin/sh\\necho plain";
        DIR = pkgs.writeTextDir "share/x" "in dir";
        FILE = pkgs.writeTextFile { name = "f"; text = "#!/bin/sh\\necho file"; executable = true; destination = "/bin/f"; };
        EXE = lib.getExe (pkgs.writeShellScriptBin "exe" "echo exe");
        EXE2 = lib.getExe' pkgs.bash "bash";
        JSON = (pkgs.formats.json { }).generate "c.json" { a = [ 1 true ]; };
        TOML = (pkgs.formats.toml { }).generate "c.toml" { a.b = 1; };
        INI = (pkgs.formats.ini { }).generate "c.ini" { s.k = "v"; };
        KEYS = (pkgs.formats.keyValue { }).generate "c.env" { K = 1; };
        STORE = builtins.toFile "t" "to file";
      };
      environment.systemPackages = [
        (pkgs.writeShellApplication { name = "app"; runtimeInputs = [ pkgs.coreutils ]; text = "echo app"; })
        (pkgs.symlinkJoin { name = "both"; paths = [ pkgs.bash (pkgs.writeShellScriptBin "mine" "echo mine") ]; })
      ];`);
    const read = (name: string) => readFileSync(variables[name]!, 'utf8');
    expect(read('TEXT')).toBe('hello\n');
    expect(bash(`${variables.SCRIPT} one`)).toBe('script one\n');
    expect(bash(variables.PLAIN!)).toBe('plain\n');
    expect(readFileSync(`${variables.DIR}/share/x`, 'utf8')).toBe('in dir');
    expect(bash(`${variables.FILE}/bin/f`)).toBe('file\n');
    expect(bash(variables.EXE!)).toBe('exe\n');
    expect(realpathSync(variables.EXE2!)).toBe(realpathSync(new HostPrograms().find('bash')!));
    expect(JSON.parse(read('JSON'))).toEqual({ a: [1, true] });
    expect(read('TOML')).toContain('b = 1');
    expect(read('INI')).toBe('[s]\nk=v\n');
    expect(read('KEYS')).toBe('K=1\n');
    expect(read('STORE')).toBe('to file');
    expect(bash(`${path[0]}/app`)).toBe('app\n');
    expect(bash(`${path[1]}/mine; ${path[1]}/bash -c 'echo joined'`)).toBe('mine\njoined\n');
  });

  it('writes scripts for an interpreter, with the libraries that are here', async () => {
    const { path } = await buildRole(`environment.systemPackages = with pkgs.writers; [
      (writePython3Bin "py" { libraries = [ pkgs.python3Packages.json ]; } "import json; print(json.dumps([1]))")
      (writeJSBin "js" { } "console.log(6 * 7)")
      (writeBashBin "sh" "echo $0")
    ];`);
    expect(bash(path.map((folder, i) => `${folder}/${['py', 'js', 'sh'][i]}`).join('; '))).toBe(
      `[1]\n42\n${path[2]}/sh\n`,
    );
  });

  it('checks that Python modules can be imported', async () => {
    const { path } = await buildRole(
      'environment.systemPackages = [ (pkgs.python3.withPackages (ps: [ ps.json ])) ];',
    );
    expect(bash(`${path[0]}/python3 -c 'import json; print(1)'`)).toBe('1\n');
  });

  it('looks for a package only when something needs it', async () => {
    const { variables } = await buildRole('environment.variables.NAME = pkgs.no-such-package.pname;');
    expect(variables.NAME).toBe('no-such-package');
  });
});

const folderOf = (file: string) => file.slice(0, file.lastIndexOf('/'));

describe('a folder as a source', () => {
  const files = { 'src/a.py': 'a', 'src/b.txt': 'b', 'src/deep/c.py': 'c', 'src/left~': 'x' };
  it.each([
    [
      'builtins.path { path = ./src; filter = path: type: type == "directory" || lib.hasSuffix ".py" path; }',
      ['a.py', 'deep/c.py'],
    ],
    ['builtins.filterSource (path: type: type != "directory") ./src', ['a.py', 'b.txt', 'left~']],
    ['lib.cleanSource ./src', ['a.py', 'b.txt', 'deep/c.py']],
    [
      'lib.fileset.toSource { root = ./src; fileset = lib.fileset.unions [ ./src/deep ./src/b.txt ]; }',
      ['b.txt', 'deep/c.py'],
    ],
    ['./src', ['a.py', 'b.txt', 'deep/c.py', 'left~']],
  ])('holds what the filter wants and nothing else: %s', async (source, wanted) => {
    const { etc } = await buildRole(`environment.etc.x.source = "\${${source}}";`, files);
    const folder = etc.x!.source!;
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(folder, join(entry.parentPath, entry.name)));
    expect(found.sort()).toEqual(wanted);
  });
});
