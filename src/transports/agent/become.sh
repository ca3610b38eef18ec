# Sets `switch` to the words that run a program as the node's user $1 and group $2 (else the user's own), and the environment
# to that user's. False, with a message, when there is no such user.
become() {
  local name uid gid home shell ids passwd=/etc/passwd
  # A plain node (flavour local) has its /etc elsewhere.
  [[ ! $NXC_ETC ]] || passwd=${NXC_ETC%/nxc}/passwd
  switch=()
  account "$1" "$passwd" || { echo "no user '$1' on this node" >&2; return 1; }
  export HOME=$home USER=$name LOGNAME=$name SHELL=$shell
  # A user namespace with one user in it has no other to become, and a plain node no user that this machine has not: there the
  # name alone changes.
  read -r _ _ ids </proc/self/uid_map
  (( EUID != 0 || ids == 1 || uid == 0 )) || ! account "$1" /etc/passwd || switch=(setpriv "--reuid=$uid" "--regid=${2:-$gid}" --init-groups)
  # A container may have coreutils alone.
  [[ ! $switch ]] || type setpriv >/dev/null 2>&1 || switch=(chroot "--userspec=$name:${2:-$gid}" --skip-chdir /)
}

# Sets the caller's variables to what file $2 says of user $1; false when it does not know them.
account() {
  while IFS=: read -r name _ uid gid _ home shell; do [[ $name != "$1" ]] || return 0; done <"$2"
  return 1
}
