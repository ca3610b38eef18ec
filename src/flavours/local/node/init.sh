# Init of a node: gives it its environment, boots its units, then serves commands for ever.
# $1 name, $2 the node's runtime folder, $3 its /etc/nxc; stdout lines for the launcher go to descriptor 8.
NXC_NODE=$1 NXC_RUN=$2 NXC_ETC=$3 NXC_LIB=$3/lib

# Nothing of the environment of whoever started the deployment reaches a node.
for variable in $(compgen -e); do unset "$variable"; done
. "$NXC_ETC/environment"
. "$NXC_RUN/environment"

if (( $$ == 1 )); then
  ln -s /etc/nxc/system /run/current-system
  echo "$NXC_NODE" >/etc/hostname
  echo "$NXC_NODE" >/etc/nxc/hostname
  echo "$NXC_ADDRESS" >/etc/nxc/ip_addr
fi
cd
. "$NXC_LIB/agent.sh"
. "$NXC_LIB/units.sh"
# What the journal knows of this boot: its id, when it began, and what the machine's clock since its own boot showed then.
read -r uptime _ </proc/uptime
printf '%08x%08x%08x%08x %s %s\n' "$SRANDOM" "$SRANDOM" "$SRANDOM" "$SRANDOM" "${EPOCHREALTIME/[.,]/}" "${uptime/./}0000" >>"$NXC_RUN/boots"
agent_open || { printf 'failed %s cannot make its channel\n' "$NXC_NODE" >&8; exit 1; }
exec </dev/null
printf 'ready %s\n' "$NXC_NODE" >&8
agent_other() {
  case $1 in
    unit) units_request "$2" "$3" 9>&- & ;;
    halt) { units_halt; printf 'off\n' >"$NXC_RUN/control"; } 9>&- & ;;
    off) exit ;;
  esac
}
{ units_boot; printf 'booted %s\n' "$NXC_NODE" >&8; } 9>&- &
exec 8>&-
agent_serve
