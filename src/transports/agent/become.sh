# Sets `switch` to the words that run a program as the node's user $1 and group $2 (else the user's own), and the environment
# to that user's. False, with a message, when there is no such user.
become() {
  local name uid gid home shell ids
  switch=()
  while IFS=: read -r name _ uid gid _ home shell; do [[ $name == "$1" ]] && break; done </etc/passwd
  [[ $name == "$1" ]] || { echo "no user '$1' on this node" >&2; return 1; }
  export HOME=$home USER=$name LOGNAME=$name SHELL=$shell
  # A user namespace with one user in it has no other to become: there the name alone changes.
  read -r _ _ ids </proc/self/uid_map
  (( EUID != 0 || ids == 1 || uid == 0 )) || switch=(setpriv "--reuid=$uid" "--regid=${2:-$gid}" --init-groups)
}
