#!/usr/bin/env node
/** The `nxc` executable. Only what a command needs is loaded: a kernel must answer before a person notices. */
const words = process.argv.slice(2);

if (words[0] === '--version' || words[0] === '-V') {
  const { version } = await import('../src/client.js');
  console.log(version());
} else {
  const { terminal } = await import('./terminal.js');
  await terminal(words);
}

export {};
