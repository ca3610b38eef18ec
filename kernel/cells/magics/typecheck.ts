import type { Magic } from '../magic.js';
import { MagicError } from '../words.js';

export const typecheck: Magic = {
  summary: 'check types before a cell runs: on or off',
  usage: ['%typecheck on', '%typecheck off'],
  async line({ words, notebook }) {
    const [state] = await words();
    if (state !== 'on' && state !== 'off') {
      throw new MagicError({
        asked: `%typecheck ${state ?? ''}`.trim(),
        todo: 'write %typecheck on or %typecheck off',
      });
    }
    (await notebook.typescript()).typecheck(state === 'on');
  },
  complete: async () => ['on', 'off'],
};
