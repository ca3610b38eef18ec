import type { MimeData } from '../session/interpreter.js';
import type { Explanation } from './language/messages.js';

/** What a front-end shows of a name: its signature, and with `detail` 1 the whole documentation. */
export function explained({ signature, documentation }: Explanation, detail: 0 | 1): MimeData {
  const text = detail === 1 ? documentation : documentation.split('\n\n')[0]!;
  return {
    'text/plain': [signature, text].filter(part => part).join('\n\n'),
    'text/markdown': [`\`\`\`typescript\n${signature}\n\`\`\``, text].filter(part => part).join('\n\n'),
  };
}
