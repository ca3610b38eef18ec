import { anyOf } from '../../shared-signal.js';
import type { Machine, Timeout } from '../machine.js';
import { regularExpression } from '../regular-expression.js';

export const logs = {
  async getConsoleLog({ deployment, name, signal }: Machine): Promise<string> {
    let text = '';
    for await (const line of deployment.logs(name, { signal })) text += `${line.text}\n`;
    return text;
  },

  async waitForConsoleText(machine: Machine, regex: string, options: Timeout = {}): Promise<void> {
    const pattern = regularExpression(regex);
    const { deployment, name, signal } = machine;
    const time = options.timeout === undefined ? signal : AbortSignal.timeout(options.timeout * 1000);
    const either = anyOf(signal, time);
    for await (const { text } of deployment.logs(name, { follow: true, signal: either })) {
      if (pattern.test(text)) return;
    }
    signal.throwIfAborted();
    throw machine.ranOut(`its log has a line like ${pattern}`, options);
  },

  async log(machine: Machine, message: string): Promise<void> {
    machine.context.write(`${machine.name}: ${message}`);
  },
};
