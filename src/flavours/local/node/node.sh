# Becomes PID 1 of node $1: makes its network and its root, moves there and goes on as its init.
name=$1
folder=$RUN/boot/$name
exec 8>&1 >&2

fail() { printf 'failed %s %s\n' "$name" "$1" >&8; [[ $2 ]] || echo >&7; exit 1; }

# Interfaces come up at once without IPv6's check for duplicate addresses; localhost keeps it.
{ echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; } 2>/dev/null
ip -batch "$folder/network.ip" || fail 'cannot make its network'
echo >&7
exec 7>&-
{ echo "$name" >/proc/sys/kernel/hostname; } 2>/dev/null || hostname "$name"
# What was mounted on this machine when the root was planned may be gone by now: containers come and go.
forget_gone_mounts() {
  local -A mounted gone
  local path source target rest
  while read -r _ _ _ _ path _; do mounted[$path]=1; done </proc/self/mountinfo
  while read -r path; do [[ ${mounted[$path]} ]] || gone[$path]=1; done <"$RUN/mounts.list"
  (( ${#gone[@]} )) || return 0
  while read -r source target rest; do
    [[ ${gone[$source]} && $target == "$RUN/root$source" ]] || printf '%s %s %s\n' "$source" "$target" "$rest"
  done <"$folder/fstab" >"$folder/fstab.now"
  mv "$folder/fstab.now" "$folder/fstab"
}
[[ ! -s $RUN/mounts.list ]] || forget_gone_mounts
mount -a -T "$folder/fstab" || fail 'cannot mount its root' late
cd "$RUN/root" && pivot_root . . && umount -l . && cd / || fail 'cannot enter its root' late
. /etc/nxc/lib/init.sh "$name" /run/nxc /etc/nxc
