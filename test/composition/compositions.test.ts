import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildIn } from './build.js';
import { temporaryFolder } from './temporary.js';

const corpus = join(import.meta.dirname, '../fixtures/compositions');
const names = readdirSync(corpus)
  .filter(name => name.endsWith('.nix') && name !== 'benchmark-class.nix')
  .map(name => name.slice(0, -'.nix'.length));

/** Composition → what a build says of it: problems with their lines, or options without effect. */
const verdicts: Record<string, string[]> = JSON.parse(readFileSync(join(corpus, 'verdicts.json'), 'utf8'));

/** Which packages are missing depends on this machine. */
const ofThisMachine = /package.* not on this machine/;

/** `line: what is wrong`, or `no effect: …`. */
async function verdictOf(name: string): Promise<string[]> {
  const folder = temporaryFolder({ 'nxc.json': `{"composition":"${name}.nix"}` });
  cpSync(corpus, folder, { recursive: true });
  try {
    const { warnings } = await buildIn(folder);
    return warnings.map(warning => warning.replace('no effect on the flavour local:', 'no effect:'));
  } catch (error) {
    if (!('parts' in (error as Error))) throw error;
    return problemsIn((error as Error).message.replaceAll(`${folder}/`, ''), name).filter(
      problem => !ofThisMachine.test(problem),
    );
  }
}

function problemsIn(message: string, name: string): string[] {
  const place = new RegExp(`\\n *at ${name}\\.nix:(\\d+)`);
  const blocks = /^\d+ problems in /.test(message)
    ? message
        .split('\n\nto do')[0]!
        .split(/\n(?=\d+\. )/)
        .slice(1)
    : [message];
  return blocks.map(block => {
    const [asked] = block.replace(/^\d+\. /, '').split('\n');
    return `${place.exec(block)?.[1] ?? 'no place'}: ${asked}`;
  });
}

describe('a composition as people have them', () => {
  it.each(names)('%s gets all that is to be said of it, each at its place', async name => {
    const verdict = await verdictOf(name);
    expect(verdict).toEqual(verdicts[name]);
  });
});
