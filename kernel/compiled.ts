import { existsSync, readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { Script } from 'node:vm';

type Load = (module: NodeJS.Module, file: string) => void;

/**
 * Loads bundles together with what V8 made of them at build time (rolldown.config.js), as compiling them is a third of
 * what a command takes to start. What another version of Node made is not looked at, and V8 itself refuses what does not fit:
 * the bundle is then compiled as any other file. Returns what ends it.
 */
export function useCompiledBundles(): () => void {
  const extensions = createRequire(import.meta.url).extensions as unknown as Record<'.js', Load>;
  const load = extensions['.js'];
  extensions['.js'] = (module, file) => {
    const compiled = `${file}.${process.version}`;
    if (!file.endsWith('.cjs') || !existsSync(compiled)) return load(module, file);
    const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
      filename: file,
      cachedData: readFileSync(compiled),
    });
    script
      .runInThisContext()
      .call(
        module.exports,
        module.exports,
        (name: string) => module.require(name),
        module,
        file,
        module.path,
      );
  };
  return () => {
    extensions['.js'] = load;
  };
}
