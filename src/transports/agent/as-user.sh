# Runs the command of slot $1 as the node's user $_U; sourced by the waiting shell of a slot, never returns.
. "$3/become.sh"
become "$_U" || exit
uid=${switch[1]#*=}
cd "$HOME" 2>/dev/null || cd /
[[ $REPLY != *e* ]] || . "$2/$1.prepare" || exit
options=()
[[ $REPLY != *p* ]] || options=(-o pipefail)
IFS= read -r -N 999999999 text <"$2/$1.command"
# The kernel's limit of one argument is 128 KiB.
(( ${#text} > 30000 )) || exec "${switch[@]}" bash --norc "${options[@]}" -c "$text"
[[ ! $uid ]] || chown "$uid" "$2/$1.command"
exec "${switch[@]}" bash --norc "${options[@]}" "$2/$1.command"
