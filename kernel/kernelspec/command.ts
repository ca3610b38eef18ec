import { type Command, nearest, Table, UsageError } from '../../src/index.js';
import type { Destination } from './folders.js';

interface KernelOptions {
  user?: boolean;
  prefix?: string;
  sysPrefix?: boolean;
  name?: string;
  displayName?: string;
  connectionFile?: string;
}

const actions = ['install', 'list', 'remove', 'start'];

/** `nxc kernel install|list|remove`; `start` is what front-ends call, and the executable serves it by itself. */
export const kernelCommand: Command<KernelOptions> = {
  name: 'kernel',
  summary: 'make the kernel known to Jupyter: install, list, remove',
  examples: ['kernel install', 'kernel install --sys-prefix', 'kernel list', 'kernel remove'],
  configure(program) {
    program
      .argument('<action>', 'install, list, remove; front-ends use start')
      .option('--user', 'for this user (the default)')
      .option('--prefix <folder>', 'below this prefix: FOLDER/share/jupyter/kernels')
      .option('--sys-prefix', 'into the Python environment in use')
      .option('--name <name>', 'name of the kernelspec', 'nxc')
      .option('--display-name <text>', 'how front-ends show it', 'NixOS Compose')
      .option('-f, --connection-file <file>', 'for start: the connection file');
  },
  complete: ({ before, option }) => (before.length === 0 && option === undefined ? actions : []),
  async run([action = ''], options, { display, workspace: { env } }) {
    const { installKernelspec, listKernelspecs, removeKernelspec } = await import('./kernelspec.js');
    const request = {
      destination: destinationOf(options),
      env,
      ...(options.name === undefined ? {} : { name: options.name }),
    };
    if (action === 'install') {
      const { displayName } = options;
      const { folder, advice } = await installKernelspec({
        ...request,
        ...(displayName === undefined ? {} : { displayName }),
      });
      display.write(`installed ${folder}\n${advice.map(line => `${line}\n`).join('')}`);
    } else if (action === 'remove') {
      display.write(`removed ${await removeKernelspec(request)}\n`);
    } else if (action === 'list') {
      const found = await listKernelspecs(env);
      if (found.length > 0) display.show(new Table(found.map(spec => ({ ...spec }))));
      else display.write('not installed (`nxc kernel install`)\n');
    } else {
      throw new UsageError(
        action === 'start'
          ? {
              asked: 'kernel start needs a connection file',
              todo: 'nxc kernel start -f FILE; front-ends do that',
            }
          : {
              asked: `kernel has no action "${action}"`,
              nearest: nearest(action, actions),
              found: actions.join(', '),
            },
      );
    }
    return 0;
  },
};

function destinationOf({ user, prefix, sysPrefix }: KernelOptions): Destination {
  const given = [user && '--user', prefix !== undefined && '--prefix', sysPrefix && '--sys-prefix'].filter(
    Boolean,
  );
  if (given.length > 1)
    throw new UsageError({ asked: `${given.join(' and ')} name different places`, todo: 'give one of them' });
  if (prefix !== undefined) return { prefix };
  return sysPrefix ? { sysPrefix: true } : { user: true };
}
