# Runs the command of slot $1 as the node's user $_U; sourced by the waiting shell of a slot, never returns.
while IFS=: read -r name _ uid gid _ home shell; do [[ $name == "$_U" ]] && break; done </etc/passwd
[[ $name == "$_U" ]] || { echo "no user '$_U' on this node" >&2; exit 1; }
export HOME=$home USER=$name LOGNAME=$name SHELL=$shell
cd "$HOME" 2>/dev/null || cd /
[[ $REPLY != *e* ]] || . "$2/$1.prepare" || exit
options=()
[[ $REPLY != *p* ]] || options=(-o pipefail)
# A user namespace with one user in it has no other to become: there the name alone changes.
read -r _ _ ids </proc/self/uid_map
switch=()
(( EUID != 0 || ids == 1 || uid == 0 )) || switch=(setpriv "--reuid=$uid" "--regid=$gid" --init-groups)
IFS= read -r -N 999999999 text <"$2/$1.command"
# The kernel's limit of one argument is 128 KiB.
(( ${#text} > 30000 )) || exec "${switch[@]}" bash --norc "${options[@]}" -c "$text"
chown "$uid" "$2/$1.command"
exec "${switch[@]}" bash --norc "${options[@]}" "$2/$1.command"
