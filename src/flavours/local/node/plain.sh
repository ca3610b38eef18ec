# Keeps the nodes of a deployment without isolation: processes, each with an address of 127.0.0.0/8. $1 is the runtime folder.
RUN=$1
cd "$RUN" || exit
while read -r name role; do
  bash "roles/$role/layer/etc/nxc/lib/init.sh" "$name" "$RUN/nodes/$name" "$RUN/roles/$role/layer/etc/nxc" 8>&1 >&2 </dev/null &
done <nodes.list
exec >/dev/null
wait
