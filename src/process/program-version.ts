import { execa } from 'execa';

/** First line of `program --version`; undefined where the program is missing or does not run. */
export async function programVersion(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const options = { env, extendEnv: false, timeout: 10_000, reject: false } as const;
  const { failed, stdout, stderr } = await execa(program, ['--version'], options);
  return failed ? undefined : (stdout || stderr).split('\n', 1)[0];
}
