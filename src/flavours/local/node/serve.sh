# What is asked of a deployment's first process later: lines `start NODE` in the FIFO `control` of the runtime folder, whose
# end it is for all that the nodes are gone. Sourced by launcher.sh and plain.sh, which bring a function node_again.

mkfifo -m 600 control && exec 3<>control || return

# The process of each node that this shell started.
declare -A keepers

runs() {
  local pid
  for pid in $(jobs -pr); do [[ $pid != "$1" ]] || return 0; done
  return 1
}

serve() {
  local name
  exec </dev/null >/dev/null
  while :; do
    IFS=' ' read -r _ name <&3 || continue
    ! runs "${keepers[$name]}" || continue
    # Its logs are on its disk, as it were; the rest of its runtime folder is what a node has in memory.
    rm -rf "off/$name" "nodes/$name/booted" "nodes/$name/clients" "nodes/$name/units/"*/{state,starts,timed-out}
    node_again "$name"
    keepers[$name]=$!
  done
}
