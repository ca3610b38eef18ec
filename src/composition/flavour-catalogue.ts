interface CatalogueEntry {
  name: string;
  description: string;
  image: { distribution?: string; type?: string };
}

const entry = (name: string, description: string, image: CatalogueEntry['image'] = {}): CatalogueEntry => ({
  name,
  description,
  image,
});

/**
 * Every flavour that a project may name, whether or not this machine can run it: upstream's `flavoursJson`
 * (upstream's nix/flavours.json) and `local`.
 */
export const flavourCatalogue: Readonly<Record<string, CatalogueEntry>> = Object.fromEntries(
  [
    entry('local', 'Nodes as namespaces on this machine; needs no Nix'),
    entry('docker', 'Containers of a Docker Compose project'),
    entry('nspawn', 'systemd-nspawn containers'),
    entry('vm', 'QEMU virtual machines', { distribution: 'all-in-one' }),
    entry('vm-ramdisk', 'QEMU virtual machines that live in memory', {
      distribution: 'all-in-one',
      type: 'ramdisk',
    }),
    entry('g5k-ramdisk', "Grid'5000 machines, kexec into memory", {
      distribution: 'all-in-one',
      type: 'ramdisk',
    }),
    entry('g5k-nfs-store', "Grid'5000 machines, kexec with the store over NFS", {
      distribution: 'all-in-one',
      type: 'remote-store',
    }),
    entry('g5k-image', "Grid'5000 machines, image deployed by kadeploy", {
      distribution: 'all-in-one',
      type: 'tarball',
    }),
  ].map(flavour => [flavour.name, flavour]),
);
