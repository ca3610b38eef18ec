import { version } from '../../src/assets.js';
import { type Content, PROTOCOL_VERSION } from '../protocol/message.js';

/** Content of kernel_info_reply. */
export function kernelInfo(): Content {
  return {
    protocol_version: PROTOCOL_VERSION,
    implementation: 'nxc',
    implementation_version: version(),
    language_info: {
      name: 'typescript',
      // TypeScript's, not Node's: the same on every machine, so that opening a notebook of another one does not change it.
      version: '5.9',
      mimetype: 'application/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: 'typescript',
      nbconvert_exporter: 'script',
    },
    banner: `NixOS Compose ${version()}: TypeScript on Node ${process.versions.node}. %nxc shows what it can do.`,
    help_links: [
      { text: 'NixOS Compose', url: 'https://nixos-compose.gitlabpages.inria.fr/nixos-compose/' },
      { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
      { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
    ],
    debugger: false,
    supported_features: ['kernel subshells'],
  };
}
