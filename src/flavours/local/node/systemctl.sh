#!/usr/bin/env bash
# systemctl of a node: the verbs, output shapes and exit statuses of systemd's that scripts and NixOS tests rely on.
# It reads the states that supervise.sh writes, and asks init through the agent's control FIFO.
NXC_RUN=${NXC_RUN:-/run/nxc}
run=$NXC_RUN etc=${NXC_ETC:-/etc/nxc}
. "$etc/lib/unit-state.sh"
shown=() words=() value= quiet= legend=1 signal=TERM wait=1 filter= now=

while (( $# )); do
  case $1 in
    -p | --property) shift; IFS=, read -r -a more <<<"$1"; shown+=("${more[@]}") ;;
    --property=*) IFS=, read -r -a more <<<"${1#*=}"; shown+=("${more[@]}") ;;
    -P) shift; shown+=("$1"); value=1 ;;
    --value) value=1 ;;
    -q | --quiet) quiet=1 ;;
    --no-legend) legend= ;;
    --no-block) wait= ;;
    --now) now=1 ;;
    --version) echo 'nxc, in the words of systemd'; exit ;;
    -s | --signal) shift; signal=${1#SIG} ;;
    --signal=*) signal=${1#*=}; signal=${signal#SIG} ;;
    --state=*) filter=${1#*=} ;;
    --failed) filter=failed ;;
    -n | -t | --lines | --type | -o | --output) shift ;;
    --user) echo 'Failed to connect to bus: nodes of flavour local have no user instances' >&2; exit 1 ;;
    -*) ;;
    *) words+=("$1") ;;
  esac
  shift
done
verb=${words[0]:-list-units}
units=()
for unit in "${words[@]:1}"; do
  [[ $unit == *.* || $verb == set-* ]] || unit=$unit.service
  units+=("$unit")
done

exists() { [[ $1 == *.target || -d $etc/units/$1 ]]; }

# Sets ActiveState and the other words of unit $1's state.
read_state() {
  unit_state "$1"
  if [[ $1 == *.target ]]; then
    if [[ -e $run/booted || ( $1 != multi-user.target && $1 != default.target ) ]]; then
      ActiveState=active SubState=active
    else
      ActiveState=activating SubState=waiting
    fi
  fi
}

read_unit() {
  Description= Type= Restart=no RemainAfterExit=no User= Group= WorkingDirectory= After=() Requires=() Wants=() Environment=()
  [[ ! -e $etc/units/$1/unit ]] || . "$etc/units/$1/unit"
}

request() {
  { printf 'unit %s %s\n' "$1" "$2" >"$run/control"; } 2>/dev/null && return
  echo "Failed to $1 $2: Access denied" >&2
  exit 4
}

start() {
  read_state "$1"
  [[ $1 != *.target && $ActiveState != active && $ActiveState != activating ]] || return 0
  { echo 'ActiveState=activating SubState=start' >"$run/units/$1/state"; } 2>/dev/null || mkdir -p "$run/units/$1" 2>/dev/null
  request start "$1"
  [[ $wait ]] || return 0
  pause 0.002
  while read_state "$1"; [[ $ActiveState == activating && $SubState != auto-restart ]]; do pause 0.01; done
  [[ $ActiveState == failed ]] || [[ $Result == dependency ]] || return 0
  if [[ $Result == dependency ]]; then
    echo "A dependency job for $1 failed. See 'journalctl -xe' for details." >&2
  else
    printf 'Job for %s failed.\nSee "systemctl status %s" and "journalctl -xeu %s" for details.\n' "$1" "$1" "$1" >&2
  fi
  return 1
}

stop() {
  read_state "$1"
  [[ $1 != *.target && $ActiveState != inactive && $ActiveState != failed ]] || return 0
  request stop "$1"
  [[ $wait ]] || return 0
  while read_state "$1"; [[ $ActiveState != inactive && $ActiveState != failed ]]; do pause 0.01; done
  return 0
}

properties() {
  read_state "$1"
  read_unit "$1"
  local loaded=loaded
  exists "$1" || loaded=not-found
  printf '%s\n' "Id=$1" "Names=$1" "Type=$Type" "Restart=$Restart" "RemainAfterExit=$RemainAfterExit" "Result=$Result" \
    "NRestarts=$NRestarts" "MainPID=$MainPID" "ExecMainPID=$MainPID" "ExecMainCode=$ExecMainCode" \
    "ExecMainStatus=$ExecMainStatus" "User=$User" "Group=$Group" "WorkingDirectory=$WorkingDirectory" \
    "Environment=${Environment[*]}" "Requires=${Requires[*]}" "Wants=${Wants[*]}" "After=${After[*]}" \
    "Description=${Description:-$1}" "LoadState=$loaded" "ActiveState=$ActiveState" "SubState=$SubState" \
    "FragmentPath=$([[ $loaded == loaded ]] && echo "$etc/units/$1/unit")" "UnitFileState=$(enabled "$1")" \
    "ActiveEnterTimestamp=$(since)" 'Job='
}

since() { [[ $Since == 0 ]] || printf '%(%a %F %T %Z)T' "${Since%.*}"; }

enabled() {
  local line
  exists "$1" || return
  [[ $1 != *.target ]] || { echo static; return; }
  while IFS= read -r line; do [[ $line != "$1" ]] || { echo enabled; return; }; done <"$etc/units/boot"
  echo disabled
}

show() {
  local line name
  while IFS= read -r line; do
    name=${line%%=*}
    if (( ${#shown[@]} )); then [[ " ${shown[*]} " == *" $name "* ]] || continue
    elif [[ $name == Job ]]; then continue; fi
    if [[ $value ]]; then echo "${line#*=}"; else echo "$line"; fi
  done < <(properties "$1")
}

# Runs $@ and prints what it prints at once: `| head` and `| grep -q` may end before all of it is written, and with pipefail
# that would be a failure of this program.
tell() {
  local text outcome
  text=$("$@")
  outcome=$?
  trap '' PIPE
  [[ ! $text ]] || printf '%s\n' "$text" 2>/dev/null
  return $outcome
}

status() {
  if ! exists "$1"; then echo "Unit $1 could not be found." >&2; return 4; fi
  read_state "$1"
  read_unit "$1"
  local dot=○
  [[ $ActiveState != active ]] || dot=●
  [[ $ActiveState != failed ]] || dot=×
  printf '%s %s - %s\n' "$dot" "$1" "${Description:-$1}"
  printf '     Loaded: loaded (%s; %s)\n' "$etc/units/$1/unit" "$(enabled "$1")"
  printf '     Active: %s (%s)%s\n' "$ActiveState" "$([[ $ActiveState == failed ]] && echo "Result: $Result" || echo "$SubState")" \
    "$([[ $Since == 0 ]] || echo " since $(since)")"
  (( MainPID == 0 )) || printf '   Main PID: %s (%s)\n' "$MainPID" "$(cat "/proc/$MainPID/comm" 2>/dev/null)"
  if [[ -e $run/units/$1/log ]]; then echo; journalctl -u "$1" -n 10 --no-pager; fi
  [[ $ActiveState == active || $ActiveState == activating ]] || return 3
}

list() {
  local unit folder count=0 format='  %-28s %-6s %-10s %-12s %s\n'
  [[ ! $legend ]] || printf "$format" UNIT LOAD ACTIVE SUB DESCRIPTION
  for folder in "$etc"/units/*/; do
    [[ -e $folder/unit ]] || continue
    folder=${folder%/} unit=${folder##*/}
    read_state "$unit"
    read_unit "$unit"
    [[ ! $filter || ,$filter, == *,$ActiveState,* || ,$filter, == *,$SubState,* ]] || continue
    printf "$format" "$unit" loaded "$ActiveState" "$SubState" "$Description"
    ((count++))
  done
  [[ ! $legend ]] || printf '\n%s loaded units listed.\n' "$count"
}

# Whether any unit has the state that $@ names; prints each unit's state.
any() {
  local unit found=3
  for unit in "${units[@]}"; do
    read_state "$unit"
    [[ $quiet ]] || echo "$ActiveState"
    [[ " $* " == *" $ActiveState "* ]] && found=0 || exists "$unit" || (( found == 0 )) || found=4
  done
  return $found
}

each() {
  local unit outcome=0
  (( ${#units[@]} )) || { echo 'Too few arguments.' >&2; exit 1; }
  for unit in "${units[@]}"; do
    if ! exists "$unit"; then
      echo "Failed to $verb $unit: Unit $unit not found." >&2
      outcome=5
      continue
    fi
    "$@" "$unit" || outcome=$?
  done
  return $outcome
}

# Ends the node in order, after this program: whoever called it is to see its status. Nobody starts a node again, so a reboot ends
# it, too, as in the NixOS test driver where reboots were not allowed.
power_off() {
  [[ -w $run/control ]] || { echo "Failed to $verb: Access denied" >&2; return 4; }
  { pause 0.1; printf 'halt\n' >"$run/control"; } >/dev/null 2>&1 &
}

restart() { stop "$1"; start "$1"; }
try_restart() { read_state "$1"; [[ $ActiveState != active ]] || restart "$1"; }
reload() { read_state "$1"; [[ $ActiveState == active ]] || { echo "$1 is not active, cannot reload." >&2; return 1; }; request reload "$1"; }
send() { read_state "$1"; (( MainPID == 0 )) || kill -s "$signal" "$MainPID"; }
forget() { read_state "$1"; [[ $ActiveState != failed ]] || echo 'ActiveState=inactive SubState=dead' >"$run/units/$1/state"; }
contents() { printf '# %s\n' "$etc/units/$1/unit"; cat "$etc/units/$1/unit"; local f; for f in "$etc/units/$1"/Exec*; do [[ ! -e $f ]] || printf '\n# %s\n%s\n' "$f" "$(<"$f")"; done; }

show_all() { local unit; for unit in "${units[@]}"; do show "$unit"; [[ $unit == "${units[-1]}" ]] || echo; done; }
status_all() { local unit outcome=0; for unit in "${units[@]}"; do status "$unit" || outcome=$?; done; return $outcome; }

case $verb in
  start) each start ;;
  stop) each stop ;;
  restart | reload-or-restart) each restart ;;
  try-restart) each try_restart ;;
  reload) each reload ;;
  kill) each send ;;
  reset-failed) if (( ${#units[@]} )); then each forget; else for unit in "$etc"/units/*/; do unit=${unit%/}; forget "${unit##*/}"; done; fi ;;
  is-active) any active reloading ;;
  is-failed) any failed; (( $? == 0 )) || exit 1 ;;
  is-enabled) for unit in "${units[@]}"; do answer=$(enabled "$unit"); [[ $quiet ]] || echo "${answer:-not-found}"; [[ $answer == enabled || $answer == static ]] || exit 1; done ;;
  is-system-running)
    if [[ ! -e $run/booted ]]; then echo starting; exit 1; fi
    if [[ $(legend= filter=failed list) ]]; then echo degraded; exit 1; fi
    echo running
    ;;
  show) tell show_all ;;
  status) if (( ${#units[@]} )); then tell status_all; else tell list; fi ;;
  cat) tell each contents ;;
  list-units | list-unit-files) tell list ;;
  list-jobs) echo 'No jobs running.' ;;
  enable | disable)
    if [[ $now && $verb == enable ]]; then each start; elif [[ $now ]]; then each stop; fi
    ;;
  daemon-reload | daemon-reexec) ;;
  poweroff | halt | reboot) power_off ;;
  *) echo "Unknown command verb $verb." >&2; exit 1 ;;
esac
