# PID 1 of a deployment, in namespaces of its own: makes the switch, starts the nodes, and is what keeps them alive.
# When it dies the kernel takes every node, mount and interface with it. $1 is the deployment's runtime folder.
# Tells on stdout `ready NODE`, `booted NODE` and `failed NODE WHAT`, one line each.
RUN=$1
cd "$RUN" || exit
export RUN

fail() { printf 'failed - %s\n' "$1"; exit 1; }

mount -a -T launcher.fstab >&2 || fail 'cannot mount the folder of the nodes'
ip -batch switch.ip >&2 || fail 'cannot make the switch'
# An overlay refuses a layer that lies inside another one, and all of / is a layer.
cp -a roles fs/ >&2 || fail 'cannot copy the layers of the roles'
mapfile -t names <nodes.list
mapfile -t folders <folders.list
mkdir -p "${folders[@]/#/$RUN/fs/}" >&2 || fail 'cannot make the folders of the nodes'
chmod 1777 fs/shared/* >&2

# Nodes say here that they have a network.
exec 7<> <(:)
for name in "${names[@]}"; do
  unshare --net --pid --mount --uts --ipc --fork bash "$NXC_NODE_SCRIPT" "$name" &
done
exec </dev/null
for name in "${names[@]}"; do
  read -r -u 7 || fail 'cannot hear the nodes'
done
exec 7>&-
ip -batch ports.ip >&2 || fail 'cannot plug the nodes into the switch'
exec >/dev/null
wait
