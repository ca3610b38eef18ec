# Sets `switch` to the words that run a program as the node's user $1 and group $2 (else the user's own), and the environment
# to that user's. False, with a message, when there is no such user.
become() {
  local name uid gid home shell ids passwd=/etc/passwd
  # A plain node (flavour local) has its /etc elsewhere, and users that this machine does not know.
  [[ ! $NXC_ETC ]] || passwd=${NXC_ETC%/nxc}/passwd
  switch=()
  while IFS=: read -r name _ uid gid _ home shell; do [[ $name == "$1" ]] && break; done <"$passwd"
  [[ $name == "$1" ]] || { echo "no user '$1' on this node" >&2; return 1; }
  export HOME=$home USER=$name LOGNAME=$name SHELL=$shell
  # A user namespace with one user in it has no other to become: there the name alone changes.
  read -r _ _ ids </proc/self/uid_map
  [[ $passwd != /etc/passwd ]] || (( EUID != 0 || ids == 1 || uid == 0 )) || switch=(setpriv "--reuid=$uid" "--regid=${2:-$gid}" --init-groups)
  # A container may have coreutils alone.
  [[ ! $switch ]] || type setpriv >/dev/null 2>&1 || switch=(chroot "--userspec=$name:${2:-$gid}" --skip-chdir /)
}
