import { join } from 'node:path';
import { currentUser } from '../process/user.js';

/**
 * Where this user's deployments keep what they need while they run: absolute path of a folder that may not exist yet. In
 * /tmp and not in XDG_RUNTIME_DIR: that one goes away when the user logs out, and is small. NXC_RUNTIME_ROOT stands for
 * /tmp; who works with another root sees and cleans other deployments, so that two never touch each other's.
 */
export const runtimeHome = (): string =>
  join(process.env.NXC_RUNTIME_ROOT || '/tmp', `nxc-${currentUser().uid}`);
