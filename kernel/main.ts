#!/usr/bin/env node
/**
 * The `nxc` executable; around it is kernel/, what a notebook talks to: it knows Jupyter, and the deployment manager in src/ knows
 * nothing of it. Only what a command needs is loaded: a kernel must answer before a person notices.
 */
import { useCompiledBundles } from './compiled.js';

const words = process.argv.slice(2);
const [verb, action, flag = '', value] = words;
const connectionFile = ['-f', '--connection-file'].includes(flag)
  ? value
  : /^--connection-file=(.+)/s.exec(flag)?.[1];

useCompiledBundles();
void main();

async function main(): Promise<void> {
  if (verb === '--version' || verb === '-V') {
    const { version } = await import('../src/assets.js');
    console.log(version());
  } else if (verb === 'kernel' && action === 'start' && connectionFile !== undefined) {
    const { startEarly } = await import('./typescript/child-process.js');
    startEarly();
    const { startKernel } = await import('./start.js');
    await startKernel(connectionFile);
  } else {
    const { terminal } = await import('./terminal.js');
    await terminal(words);
  }
}
