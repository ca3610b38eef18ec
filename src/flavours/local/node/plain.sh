# Keeps the nodes of a deployment without isolation: processes, each with an address of 127.0.0.0/8. $1 is the runtime folder.
RUN=$1
cd "$RUN" || exit

fail() { printf 'failed - %s\n' "$1"; exit 1; }

. "${NXC_NODE_SCRIPT%/*}/serve.sh" || fail 'cannot make its channel'
declare -A roles

node_start() {
  local etc=$RUN/roles/${roles[$1]}/layer/etc/nxc
  bash "$etc/lib/init.sh" "$1" "$RUN/nodes/$1" "$etc" 8>&1 >&2 </dev/null 3>&- &
}

node_again() { node_start "$1" >&2; }

while read -r name role; do
  roles[$name]=$role
  node_start "$name"
  keepers[$name]=$!
done <nodes.list
serve
