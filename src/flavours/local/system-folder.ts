import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemPath } from './isolation.js';

/** Programs that every NixOS has (nixos/modules/config/system-path.nix), where they are called so. */
const base =
  'bash sh [ arch b2sum base32 base64 basename basenc cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir dircolors ' +
  'dirname du echo env expand expr factor false fmt fold groups head hostid hostname id install join kill link ln logname ls md5sum ' +
  'mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm ' +
  'rmdir runcon seq sha1sum sha256sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch ' +
  'tr true truncate tsort tty uname unexpand uniq unlink uptime users vdir wc who whoami yes ' +
  'awk bzip2 bunzip2 bzcat cpio curl cmp diff diff3 find xargs gawk getent getconf getfacl setfacl grep egrep fgrep gunzip gzip zcat ip ' +
  'less login mkpasswd mount umount nc ncat nologin passwd patch pgrep pidof ping pkill ps free top vmstat watch pmap sed ss ssh scp sftp ' +
  'ssh-keygen sshd su sudo runuser setpriv tar tc time unshare nsenter useradd usermod userdel groupadd chpasswd which xz unxz zstd ' +
  'flock lsblk dmesg fallocate findmnt hexdump more script setsid sysctl taskset mountpoint losetup lsof rsync clear reset tput';

/** A NixOS machine's own programs, by their place there. */
const system = '/run/current-system/sw/bin';

/**
 * Writes what a node has as /run/current-system: in sw/bin the role's programs, the stand-ins for systemd's, and what every
 * NixOS has. Most are links that have the name of what they lead to; the launcher makes them, in memory, as a disk may take a
 * fifth of a second for two hundred of them. Returns where these lead.
 *
 * @param folder where it goes
 * @param tools names of programs in /etc/nxc/bin
 * @param paths folders with the role's programs
 */
export function writeSystemFolder(
  folder: string,
  tools: readonly string[],
  paths: readonly string[],
): string[] {
  const bin = join(folder, 'sw/bin');
  mkdirSync(bin, { recursive: true });
  const made = new Set<string>();
  const plain: string[] = [];
  const link = (name: string, target: string): void => {
    if (made.has(name)) return;
    made.add(name);
    if (basename(target) === name && !name.includes('\n')) plain.push(target);
    else symlinkSync(target, join(bin, name));
  };
  for (const name of tools) link(name, join('/etc/nxc/bin', name));
  for (const path of paths) for (const name of namesIn(path)) link(name, join(path, name));
  // A node has a /run of its own: what is meant is what the machine's leads to.
  for (const name of namesIn(system)) link(name, realpathSync(join(system, name)));
  const folders = systemPath.split(':').filter(path => path !== system);
  for (const name of base.split(' ')) {
    const found = folders.map(path => join(path, name)).find(existsSync);
    if (found) link(name, found);
  }
  return plain;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
