# PID 1 of a deployment, in namespaces of its own: makes the switch, starts the nodes, and is what keeps them alive.
# When it dies the kernel takes every node, mount and interface with it. $1 is the deployment's runtime folder.
# Tells on stdout `ready NODE`, `booted NODE` and `failed NODE WHAT`, one line each.
RUN=$1
cd "$RUN" || exit
export RUN

fail() { printf 'failed - %s\n' "$1"; exit 1; }

. "${NXC_NODE_SCRIPT%/*}/serve.sh" || fail 'cannot make its channel'
mount -a -T launcher.fstab >&2 || fail 'cannot mount the folder of the nodes'
ip -batch switch.ip >&2 || fail 'cannot make the switch'
# An overlay refuses a layer that lies inside another one, and all of / is a layer.
cp -a roles fs/ >&2 || fail 'cannot copy the layers of the roles'
for links in fs/roles/*/links; do
  mapfile -t targets <"$links"
  ln -s -- "${targets[@]}" "${links%links}layer/etc/nxc/system/sw/bin/" >&2 || fail 'cannot make the links to programs'
done
mapfile -t names <nodes.list
mapfile -t folders <folders.list
mkdir -p "${folders[@]/#/$RUN/fs/}" >&2 || fail 'cannot make the folders of the nodes'
chmod 1777 fs/shared/* >&2

node_start() { unshare --net --pid --mount --uts --ipc --fork bash "$NXC_NODE_SCRIPT" "$1" 3>&- & }

# What a node that ended had plugged in may be there still: the kernel takes dead networks away when it has time.
node_again() {
  local port
  port=$(<"boot/$1/port")
  ip link delete "$port" 2>/dev/null
  exec 7<> <(:)
  node_start "$1" >&2
  ! read -r -t 10 -u 7 || ip link set "$port" master switch0 up
  exec 7>&-
}

# Nodes say here that they have a network.
exec 7<> <(:)
for name in "${names[@]}"; do
  node_start "$name"
  keepers[$name]=$!
done
exec </dev/null
for name in "${names[@]}"; do
  read -r -u 7 || fail 'cannot hear the nodes'
done
exec 7>&-
ip -batch ports.ip >&2 || fail 'cannot plug the nodes into the switch'
serve
