/** What a nixpkgs attribute is on a machine without Nix. */
interface Known {
  /** Programs it brings; the first must be there. */
  programs: readonly string[];
  /** Names in Debian and Fedora, where they differ from the attribute's. */
  apt?: string;
  dnf?: string;
}

const known = (programs: string, apt?: string, dnf?: string): Known => ({
  programs: programs.split(' '),
  apt,
  dnf,
});

/** Attributes whose program is not called like them, or that bring several. All others bring one of the same name. */
const KNOWN: Readonly<Record<string, Known>> = {
  apacheKafka: known(
    'kafka-topics.sh kafka-server-start.sh kafka-console-producer.sh kafka-console-consumer.sh',
  ),
  apacheHttpd: known('apachectl ab httpd apache2', 'apache2', 'httpd'),
  bashInteractive: known('bash', 'bash', 'bash'),
  bind: known('dig host nslookup named', 'dnsutils', 'bind-utils'),
  binutils: known('ld as ar nm objdump strip'),
  'bridge-utils': known('brctl'),
  cargo: known('cargo'),
  coreutils: known(
    'ls cat cp mv rm mkdir rmdir ln touch echo printf head tail sort uniq wc cut tr tee seq sleep date env id chmod ' +
      'chown dd df du stat mktemp basename dirname readlink realpath sha256sum md5sum base64 timeout nproc true false ' +
      'test yes whoami uname nice nohup kill paste join comm split shuf od expr tac rev install sync truncate',
  ),
  'coreutils-full': known('ls cat cp mv rm mkdir', 'coreutils', 'coreutils'),
  dnsutils: known('dig host nslookup', 'dnsutils', 'bind-utils'),
  'docker-client': known('docker', 'docker-cli', 'docker-ce-cli'),
  dstat: known('dstat dool', 'dstat', 'dool'),
  findutils: known('find xargs'),
  gawk: known('gawk awk'),
  gcc: known('gcc g++ cpp'),
  gnugrep: known('grep egrep fgrep', 'grep', 'grep'),
  gnumake: known('make', 'make', 'make'),
  gnused: known('sed', 'sed', 'sed'),
  gnutar: known('tar', 'tar', 'tar'),
  go: known('go gofmt', 'golang', 'golang'),
  gzip: known('gzip gunzip zcat'),
  haproxy: known('haproxy'),
  imagemagick: known('convert magick identify'),
  inetutils: known('ping hostname telnet ftp traceroute', 'iputils-ping', 'iputils'),
  iperf: known('iperf3 iperf', 'iperf3', 'iperf3'),
  iperf2: known('iperf', 'iperf', 'iperf'),
  iproute2: known('ip ss tc bridge', 'iproute2', 'iproute'),
  iptables: known('iptables ip6tables iptables-save iptables-restore'),
  iputils: known('ping arping tracepath', 'iputils-ping', 'iputils'),
  jdk: known('java javac jar', 'default-jdk', 'java-latest-openjdk-devel'),
  jre: known('java', 'default-jre', 'java-latest-openjdk'),
  kmod: known('lsmod modprobe insmod rmmod'),
  llvm: known('llvm-config opt'),
  mariadb: known('mariadb mysqld mariadbd mysql', 'mariadb-server', 'mariadb-server'),
  memcached: known('memcached'),
  mosquitto: known('mosquitto mosquitto_pub mosquitto_sub'),
  mpich: known('mpiexec mpirun mpicc'),
  'net-tools': known('ifconfig netstat route arp'),
  nettools: known('ifconfig netstat route arp', 'net-tools', 'net-tools'),
  netcat: known('nc', 'netcat-openbsd', 'nmap-ncat'),
  'netcat-gnu': known('nc', 'netcat-traditional', 'nmap-ncat'),
  'netcat-openbsd': known('nc', 'netcat-openbsd', 'nmap-ncat'),
  nodejs: known('node npm npx corepack'),
  openjdk: known('java javac jar', 'default-jdk', 'java-latest-openjdk-devel'),
  openmpi: known('mpirun mpiexec mpicc mpicxx ompi_info', 'openmpi-bin', 'openmpi'),
  openssh: known('ssh sshd scp sftp ssh-keygen ssh-agent ssh-add', 'openssh-client', 'openssh-clients'),
  perl: known('perl'),
  postgresql: known(
    'psql postgres initdb pg_ctl createdb pg_dump pgbench',
    'postgresql',
    'postgresql-server',
  ),
  procps: known('ps top free uptime vmstat watch pgrep pkill sysctl', 'procps', 'procps-ng'),
  psmisc: known('killall pstree fuser'),
  python3: known('python3 python pip3'),
  python3Full: known('python3 python', 'python3', 'python3'),
  'rabbitmq-server': known('rabbitmq-server rabbitmqctl'),
  redis: known('redis-server redis-cli redis-benchmark', 'redis', 'redis'),
  ripgrep: known('rg'),
  rustc: known('rustc'),
  shadow: known('useradd usermod groupadd passwd su login', 'passwd', 'shadow-utils'),
  sqlite: known('sqlite3', 'sqlite3', 'sqlite'),
  stdenvNoCC: known('bash'),
  strace: known('strace'),
  sysstat: known('sar iostat mpstat pidstat'),
  systemd: known('systemctl journalctl'),
  'util-linux': known('mount umount lsblk lscpu unshare nsenter flock setsid kill logger taskset'),
  valkey: known('valkey-server valkey-cli'),
  vim: known('vim vi'),
  xz: known('xz unxz xzcat', 'xz-utils', 'xz'),
  awscli2: known('aws', 'awscli', 'awscli2'),
  dnsmasq: known('dnsmasq'),
  etcd: known('etcd etcdctl etcdutl', 'etcd-server etcd-client', 'etcd'),
  gfortran: known('gfortran', 'gfortran', 'gcc-gfortran'),
  gitMinimal: known('git', 'git', 'git'),
  gitFull: known('git', 'git', 'git'),
  glusterfs: known('gluster glusterd glusterfs', 'glusterfs-server', 'glusterfs-server'),
  hping: known('hping3', 'hping3', 'hping3'),
  hwloc: known('lstopo-no-graphics lstopo hwloc-bind hwloc-ls hwloc-info'),
  'inotify-tools': known('inotifywait inotifywatch'),
  'kubernetes-helm': known('helm', 'helm', 'helm'),
  'minio-client': known('mc'),
  moreutils: known('ts sponge parallel chronic'),
  netperf: known('netperf netserver'),
  nmap: known('nmap ncat nping'),
  qemu: known('qemu-system-x86_64 qemu-img', 'qemu-system-x86 qemu-utils', 'qemu-kvm qemu-img'),
  R: known('R Rscript', 'r-base', 'R'),
  zookeeper: known('zkServer.sh zkCli.sh'),
};

/** Attributes that bring no program: having them in systemPackages is right and changes nothing here. */
const WITHOUT_PROGRAM =
  /^(cacert|glibc|glibcLocales|libc|musl|ncurses|openssl_.*|zlib|tzdata|.*-doc|man-pages(-posix)?|.*-unwrapped-lib)$/;

/** `nodejs_20`, `python311`, `postgresql_15`, `gcc13`: versions of something known. */
const VERSION = /[_-]?(\d[\d_.]*|latest|stable|minimal|slim|static)$/i;

export function lookUpPackage(attribute: string): Known {
  return (
    knownPackage(attribute) ??
    (WITHOUT_PROGRAM.test(attribute) ? { programs: [] } : { programs: [withoutVersion(attribute)] })
  );
}

function knownPackage(attribute: string): Known | undefined {
  if (WITHOUT_PROGRAM.test(attribute)) return undefined;
  if (Object.hasOwn(KNOWN, attribute)) return KNOWN[attribute];
  const base = attribute.replace(VERSION, '');
  if (base === attribute) return undefined;
  if (base === 'python') return KNOWN.python3;
  return Object.hasOwn(KNOWN, base) ? KNOWN[base] : undefined;
}

export const isKnown = (attribute: string): boolean => knownPackage(attribute) !== undefined;

/** `etcd_3_5` is etcd; a number without "_", as in `k6`, may belong to the name. */
const withoutVersion = (attribute: string): string => attribute.replace(/_\d[\d_.]*$/, '');

/** Names to show for `builtins.attrNames pkgs` and to suggest. */
export const knownPackages: readonly string[] = Object.keys(KNOWN);

/** How to get packages, named as in nixpkgs, on the systems that people have. */
export function installAll(attributes: readonly string[]): string {
  const it = attributes.length === 1 ? 'it' : 'them';
  // What is in a set of nixpkgs has other names elsewhere.
  const plain = attributes.filter(attribute => !attribute.includes('.'));
  const names = (system: 'apt' | 'dnf') =>
    plain
      .map(attribute => knownPackage(attribute)?.[system] ?? withoutVersion(attribute).toLowerCase())
      .join(' ');
  const sure = plain.every(attribute => knownPackage(attribute) !== undefined);
  const nix = `nix profile install ${attributes.map(attribute => `nixpkgs#${attribute}`).join(' ')}`;
  const ways =
    plain.length === 0
      ? nix
      : `apt install ${names('apt')}, dnf install ${names('dnf')}${sure ? '' : ' where they have that name'}, or ${nix}`;
  return `get ${it} (${ways}), or build for a flavour with Nix: -f docker`;
}
