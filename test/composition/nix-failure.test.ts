import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../src/composition/nix-failure.js';
import { JobBoard } from '../../src/jobs/board.js';
import { NixProgress } from '../../src/nix-cli/progress.js';
import { flakeProject } from '../helpers/nix.js';
import { temporaryFolder } from '../helpers/temporary.js';

const DERIVATION = `/nix/store/${'a'.repeat(32)}-broken-1.0.drv`;

/** What is made of lines as Nix writes them; of versions that this machine need not have. */
async function explained(lines: readonly (object | string)[], folder?: string): Promise<string> {
  const board = new JobBoard(new AbortController().signal);
  const progress = new NixProgress(board.job('build'), () => {});
  for (const line of lines) progress.take(typeof line === 'string' ? line : `@nix ${JSON.stringify(line)}`);
  return (await explainFailure('web::docker', folder ?? (await temporaryFolder()), progress)).message;
}

const error = (text: string) => ({ action: 'msg', level: 0, msg: `\u001b[31;1merror:\u001b[0m ${text}` });
const building = [
  { action: 'start', id: 7, level: 3, text: '', type: 105, fields: [DERIVATION, '', 1, 1] },
  { action: 'result', id: 7, type: 101, fields: ['cc: no input files'] },
  { action: 'stop', id: 7 },
];

describe('what Nix says of a failure', () => {
  it('is read as 2.8 words it', async () => {
    const cut = "' failed with exit code 1;\n       last 1 log lines:\n       > cc: no input files";
    expect(await explained([...building, error(`builder for '${DERIVATION}${cut}`)])).toBe(
      `web::docker cannot be built: broken-1.0 failed\nfound: builder for '${DERIVATION}' failed with exit code 1\n  │ cc: no input files\nto do: the whole log: nix log ${DERIVATION}`,
    );
  });

  it('is read as newer versions word it', async () => {
    const text = `Cannot build '${DERIVATION}'.\n       Reason: builder failed with exit code 1.\n       Output paths:\n         /nix/store/x`;
    expect(await explained([...building, error(text)])).toContain(
      'found: builder failed with exit code 1.\n  │ cc: no input files',
    );
  });

  it('has the words of the program that Nix called', async () => {
    const lines = [
      "fatal: unable to access 'https://example.org/x.git/': Could not resolve host: example.org",
      error("program 'git' failed with exit code 128"),
    ];
    expect(await explained(lines)).toBe(
      `program 'git' failed with exit code 128
found: fatal: unable to access 'https://example.org/x.git/': Could not resolve host: example.org
to do: Nix fetches the inputs of flake.nix once: build where this machine reaches them; the flavour local needs none`,
    );
  });

  it('names the derivation that failed, not those that needed it', async () => {
    const other = DERIVATION.replace('broken', 'needs-it');
    const lines = [
      error(`1 dependencies of derivation '${other}' failed to build`),
      error(`builder for '${DERIVATION}' failed with exit code 1`),
    ];
    expect(await explained([...building, ...lines])).toContain('broken-1.0 failed');
  });

  it('says for which system it would be, as newer versions word it', async () => {
    const text = `Cannot build '${DERIVATION}'.\n       Reason: required system or feature not available\n       Required system: 'aarch64-linux' with features {}\n       Current system: 'x86_64-linux' with features {kvm}`;
    expect(await explained([error(text)])).toContain(
      'found: it is built on aarch64-linux, this is x86_64-linux',
    );
  });

  it("finds the user's file where newer versions name the flake", async () => {
    const folder = await flakeProject({ packages: '{ }' });
    const text = `undefined variable 'x'\n       at «git+file://${folder}»/composition.nix:1:2:`;
    expect(await explained([error(text)], folder)).toContain(`at ${folder}/composition.nix:1:2:`);
  });

  it('says that a Nix without flakes is too old', async () => {
    expect(await explained(["error: unrecognised flag '--extra-experimental-features'"])).toMatch(
      /is too old: it has no flakes.*install Nix 2\.8 or newer/s,
    );
  });

  it('is passed on when nobody knows better, with what was printed beside it', async () => {
    expect(await explained([error('the moon is full')])).toBe('the moon is full');
    expect(await explained(['Segmentation fault'])).toBe(
      'Nix cannot build web::docker\nfound: Segmentation fault',
    );
  });
});
