import { execFile } from 'node:child_process';

/** First line of `program --version`; undefined where the program is missing or does not run. */
export function programVersion(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise(resolve => {
    execFile(program, ['--version'], { env, timeout: 10_000 }, (error, stdout, stderr) => {
      resolve(error ? undefined : (stdout || stderr).split('\n', 1)[0]);
    });
  });
}
