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
};

/** Attributes that bring no program: having them in systemPackages is right and changes nothing here. */
const WITHOUT_PROGRAM =
  /^(cacert|glibc|glibcLocales|libc|musl|ncurses|openssl_.*|zlib|tzdata|.*-doc|man-pages(-posix)?|.*-unwrapped-lib)$/;

/** `nodejs_20`, `python311`, `postgresql_15`, `gcc13`: versions of something known. */
const VERSION = /[_-]?(\d[\d_.]*|latest|stable|minimal|slim|static)$/i;

export function lookUpPackage(attribute: string): Known {
  if (WITHOUT_PROGRAM.test(attribute)) return { programs: [] };
  if (Object.hasOwn(KNOWN, attribute)) return KNOWN[attribute]!;
  const base = attribute.replace(VERSION, '');
  if (base !== attribute) {
    if (base === 'python') return KNOWN.python3!;
    if (Object.hasOwn(KNOWN, base)) return KNOWN[base]!;
  }
  return { programs: [attribute] };
}

/** Names to show for `builtins.attrNames pkgs` and to suggest. */
export const knownPackages: readonly string[] = Object.keys(KNOWN);

/** How to get packages on the systems that people have. */
export function installAll(attributes: readonly string[]): string {
  const names = (system: 'apt' | 'dnf') =>
    attributes.map(attribute => lookUpPackage(attribute)[system] ?? attribute).join(' ');
  const nix = attributes.map(attribute => `nixpkgs#${attribute}`).join(' ');
  const it = attributes.length === 1 ? 'it' : 'them';
  return (
    `get ${it} (apt install ${names('apt')}, dnf install ${names('dnf')}, or nix profile install ${nix}), ` +
    'or build for a flavour with Nix: -f docker'
  );
}
