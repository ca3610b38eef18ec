import { MetricError } from './metrics.js';
import { measured } from './rates.js';

/** A name for points of the user's own: one that plots can be asked for, and that nothing else is measured under. */
export function checkOwnName(name: string): void {
  if (name.trim() === '' || name !== name.trim() || name.includes(',')) {
    throw new MetricError({
      asked: `a metric cannot be called ${JSON.stringify(name)}`,
      todo: 'give it a name such as latency, without commas and spaces around it',
    });
  }
  if (Object.hasOwn(measured, name)) {
    throw new MetricError({
      asked: `the metric ${name} is measured on every node anyway: points of your own would be mixed into it`,
      todo: `give yours another name, such as my.${name}`,
    });
  }
}
