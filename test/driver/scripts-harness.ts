import { describeGlobals } from '../../src/driver/driver.js';
import { PythonDriver, type ScriptRun } from '../../src/driver/python-driver.js';
import { fourNodes, hostDeployment, serve } from './harness.js';

/** Test scripts on four nodes that are all this machine; each `session` has a display of its own. */
export function scripts(testScript?: string) {
  const python = new PythonDriver();
  const deployment = hostDeployment(fourNodes, testScript);
  const { machines } = describeGlobals(deployment);
  const place = { machines, cwd: '/', env: process.env };
  const session = () => {
    const { service, display } = serve(deployment);
    const run = (source: string, options: Partial<ScriptRun> = {}) =>
      python.run(source, {
        ...place,
        file: 'testScript',
        handle: service.handle,
        display,
        signal: new AbortController().signal,
        ...options,
      });
    return { run, display };
  };
  return { python, place, session };
}
