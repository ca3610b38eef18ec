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
mount -a -T "$folder/fstab" || fail 'cannot mount its root' late
cd "$RUN/root" && pivot_root . . && umount -l . && cd / || fail 'cannot enter its root' late
. /etc/nxc/lib/init.sh "$name" /run/nxc /etc/nxc
