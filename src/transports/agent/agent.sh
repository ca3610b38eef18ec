# The end of a channel that lives on the node: runs commands for clients, with nothing but bash and FIFOs.
#
# Sourced by whatever keeps the node alive (PID 1 of a `local` node, a resident shell of a container), which sets NXC_LIB to
# the folder of this file and NXC_RUN to the node's runtime folder, opened to the client as a folder of its own machine. A client makes clients/<id>/ and writes lines
# to the FIFO `control`; every line is shorter than PIPE_BUF, so many clients may write:
#   slot ID N        prepare slot N of this client: FIFOs N.request, N.out, N.err, and a shell that waits for a command
#   kill SIGNAL PGID signal a process group
#   forget ID        client ID was killed: end its commands and its slots
#   check ID N PID   tell when PID, which keeps slot N of this client, was killed
# On clients/<id>/events the client reads:
#   made N PID       slot N has its FIFOs; PID keeps it
#   ready N PGID     slot N has a shell waiting; the next command is process group PGID
#   done N STATUS    the command of slot N has ended
#   gone N           slot N will tell no more
#   failed N WHY     slot N cannot be made
# A request is the line `run FLAGS USER .` in N.request, after the command was put in N.command; FLAGS is any of e (N.prepare is
# shell text with environment and folder), i (N.stdin is the input), p (pipefail), and - for none; USER - is the agent's own.

agent_control=9

agent_open() {
  mkdir -p -m 711 "$NXC_RUN/clients" || return
  [[ -p $NXC_RUN/control ]] || mkfifo -m 600 "$NXC_RUN/control" || return
  agent_give "$NXC_RUN" "$NXC_RUN/control" "$NXC_RUN/clients"
  # Read and write, so that it never ends when a client closes it; last, since a client that can open it may begin.
  exec 9<>"$NXC_RUN/control"
}

# Files to the owner of folder $1: in a container the agent is root, and its clients are whoever started the deployment.
agent_give() { [[ -O $1 ]] || chown --reference="$1" "${@:2}"; }

# Serves until killed. Words it does not know go to the function agent_other, when there is one.
agent_serve() {
  set -m
  local verb first second third
  # The processes that keep the slots of each client.
  local -A keepers
  while :; do
    IFS=' ' read -r verb first second third <&"$agent_control" || continue
    case $verb in
      slot)
        agent_slot "$first" "$second" 9>&- &
        keepers[$first]+=" $!"
        ;;
      forget) agent_forget "$first" ;;
      check) kill -0 "$third" 2>/dev/null || printf 'gone %s\n' "$second" 1<>"$NXC_RUN/clients/$first/events" ;;
      kill) kill "-$first" -- "-$second" 2>/dev/null ;;
      *) agent_other "$verb" "$first" "$second" ;;
    esac
  done
}

agent_forget() {
  local pid
  # Of those that still are this shell's: another process may have the number of one that ended.
  for pid in $(jobs -pr); do [[ " ${keepers[$1]} " != *" $pid "* ]] || kill -TERM "$pid"; done 2>/dev/null
  unset "keepers[$1]"
}

# A slot keeps one shell started ahead of its command: the command then costs no exec, and has a clean shell of its own.
agent_slot() {
  cd "$NXC_RUN/clients/$1" 2>/dev/null || return
  [[ -p events ]] || mkfifo -m 600 events 2>/dev/null
  local why
  if ! why=$(mkfifo -m 600 "$2.request" "$2.out" "$2.err" 2>&1); then
    rm -f "$2.request" "$2.out" "$2.err"
    agent_give . events
    why=${why//$'\n'/; }
    printf 'failed %s %s\n' "$2" "${why:0:1000}" >events
    return
  fi
  agent_give . events "$2.request" "$2.out" "$2.err" || return
  # Bash would tell of killed jobs there.
  exec 3>events 4<>"$2.request" 2>/dev/null
  printf 'made %s %s\n' "$2" "$BASHPID" >&3
  # Wait for the client to hold the FIFO as well; from then on its death is our end of file.
  IFS= read -r _ <&4
  exec 5<"$2.request" 4<&- 4<&5 5<&-
  set -m
  # The client waits for the first shell.
  local pid line rest since=${EPOCHREALTIME/[.,]/}
  trap '[[ ! $pid ]] || kill -KILL -- "-$pid"; exit' TERM
  while :; do
    # When the same command runs on many nodes, starting the next shells waits until the commands are done; when commands
    # follow one another, it does not.
    line=
    if (( ${EPOCHREALTIME/[.,]/} - since > 50000 )); then
      IFS= read -r -t 0.02 -u 4 line || (( $? > 128 )) || exit
    fi
    since=${EPOCHREALTIME/[.,]/}
    # The time may be up in the middle of a line.
    if [[ $line && $line != *' .' ]]; then
      IFS= read -r -u 4 rest || exit
      line+=$rest
    fi
    # It announces itself: its command may end this process before another line of it runs.
    (printf 'ready %s %s\n' "$2" "$BASHPID" >&3 && exec bash --norc -c "$agent_shell" bash "$2" "$PWD" "$NXC_LIB" "$line" 3>&-) &
    pid=$!
    wait "$pid"
    printf 'done %s %s\n' "$2" "$?" >&3 || exit
  done
}

# One line, so that line numbers in error messages are those of the user's command. $1 slot, $2 the client's folder, $3 NXC_LIB,
# $4 the request when it came before the shell did.
read -r agent_shell <<'SHELL'
if [[ $4 ]]; then IFS=' ' read -r _ REPLY _U _ <<<"$4"; else IFS=' ' read -r -u 4 _ REPLY _U _ || { kill -KILL $PPID; exit; }; fi; exec 4<&- >"$2/$1.out" 2>"$2/$1.err"; cd; if [[ $REPLY == *i* ]]; then exec <"$2/$1.stdin"; else exec </dev/null; fi; [[ $_U == - ]] || . "$3/as-user.sh"; [[ $REPLY != *e* ]] || . "$2/$1.prepare" || exit; [[ $REPLY != *p* ]] || set -o pipefail; IFS= read -r -N 999999999 REPLY <"$2/$1.command"; set -- "$REPLY"; unset REPLY _U; eval "set --; $1"
SHELL
