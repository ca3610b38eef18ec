import { describe, expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../kernel/protocol/message.js';
import { REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { composeInfo, flakeProject, NIX_CONFIG, nixInstalled, withoutNix } from '../helpers/nix.js';

/** What each display message shows as text. */
const shown = ({ content }: Message): string =>
  String((content.data as Record<string, unknown> | undefined)?.['text/plain'] ?? '');

const project = (script: string) =>
  flakeProject({ packages: `{ "composition::vm" = build "slow-part" ''${script}''; }` });

async function kernelIn(folder: string) {
  const kernel = await startKernel({ command: REAL_KERNEL, cwd: folder, env: { NIX_CONFIG } });
  onTestFinished(() => kernel.stop());
  return kernel;
}

describe.skipIf(!nixInstalled)(`%nxc build with Nix in a cell${withoutNix}`, () => {
  it('shows what is built while it is, and keeps one line of it', async () => {
    // A script of this run alone: what was built before is not built again.
    const script = `: ${Date.now()} ${process.pid}; echo begun; sleep 1; echo '${composeInfo(['a'], 'vm')}' > $out`;
    const kernel = await kernelIn(await project(script));
    const { reply, outputs } = await run(kernel.client, '%nxc build -f vm');
    expect(reply.status).toBe('ok');
    const displays = outputs.filter(({ header }) => header.msg_type.endsWith('display_data'));
    expect(displays[0]!.header.msg_type).toBe('display_data');
    expect(displays.slice(1).every(({ header }) => header.msg_type === 'update_display_data')).toBe(true);
    expect(displays.map(shown).join('\n')).toContain('│ slow-part: begun');
    expect(shown(displays.at(-1)!)).toMatch(/^✔ build: composition::vm, 1 role [\d.]+ m?s$/);
  });

  it('is interrupted while it builds, and the kernel goes on', async () => {
    const kernel = await kernelIn(await project('echo begun; sleep 1000'));
    let interrupted = false;
    const texts: string[] = [];
    const { reply } = await run(kernel.client, '%nxc build -f vm', {
      onOutput: message => {
        texts.push(shown(message));
        if (interrupted || !shown(message).includes('begun')) return;
        interrupted = true;
        void kernel.client.interrupt();
      },
    });
    expect(reply).toMatchObject({ status: 'error', ename: 'InterruptedError' });
    expect(texts.filter(Boolean).at(-1)).toMatch(/^■ build: cancelled/);
    expect((await run(kernel.client, '1 + 1')).reply.status).toBe('ok');
  });
});
