# Makes a container reachable: serves commands until the container ends. Started as root, once for every start of the container
# (boot.sh, or a detached exec), with bash and coreutils of wherever they are. $1 is `nixos` when the container's init will be systemd.
# In: NXC_RUN, the node's runtime folder; NXC_LIB, this one.
[[ -d $HOME ]] || export HOME=/
exec </dev/null >/dev/null 2>"$NXC_RUN/agent.log"

# systemd hangs the terminal up that it finds, with all that was started there: also a mkdir that runs at this moment.
trap '' HUP
# NixOS makes its /etc, and with it the environment of a login, while it boots.
[[ $1 != nixos ]] || until [[ -d /run/systemd/system && -e /etc/profile ]]; do read -r -t 0.05 <> <(:); done
[[ ! -r /etc/profile ]] || . /etc/profile
type mkfifo >/dev/null || export PATH=$PATH:/run/system/bin

fail() { echo "$1" >"$NXC_RUN/failed"; exit 1; }
(( BASH_VERSINFO >= 5 )) || fail "bash 5 or newer is needed, found $BASH_VERSION"
for program in mkfifo mkdir chown cp rm; do
  type "$program" >/dev/null || fail "coreutils are needed in the container: put them at /run/system"
done
# A new one, by which is known that this start of the container has had an agent (reach.ts).
rm -f "$NXC_RUN/control" "$NXC_RUN/failed"
. "$NXC_LIB/agent.sh"
agent_open || fail "cannot make its channel"
# What it starts from now on has process groups of its own, which no terminal hangs up, and shall not be deaf to a HUP.
trap : HUP
agent_other() { :; }
agent_serve
