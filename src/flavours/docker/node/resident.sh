# Makes a container reachable: serves commands until the container ends. Started by a detached exec as root, once for every
# start of the container, with bash and coreutils of wherever they are. $1 is `nixos` when the container's init will be systemd.
# In: NXC_RUN, the node's runtime folder; NXC_LIB, this one.
[[ -d $HOME ]] || export HOME=/
exec </dev/null >/dev/null 2>"$NXC_RUN/agent.log"

# NixOS makes its /etc, and with it the environment of a login, while it boots.
[[ $1 != nixos ]] || until [[ -d /run/systemd/system && -e /etc/profile ]]; do read -r -t 0.05 <> <(:); done
[[ ! -r /etc/profile ]] || . /etc/profile
type mkfifo >/dev/null || export PATH=$PATH:/run/system/bin

(( BASH_VERSINFO >= 5 )) || { echo "bash 5 or newer is needed, found $BASH_VERSION" >&2; exit 1; }
for program in mkfifo mkdir chown cp; do
  type "$program" >/dev/null || { echo "coreutils are needed in the container: put them at /run/system" >&2; exit 1; }
done
. "$NXC_LIB/agent.sh"
agent_open || exit
agent_other() { :; }
agent_serve
