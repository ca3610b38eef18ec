#!/usr/bin/env bash
# systemctl of a node: the verbs, output shapes and exit statuses of systemd's that a node has, and an error for the other ones.
# It reads the states that supervise.sh writes, and asks init through the agent's control FIFO.
NXC_RUN=${NXC_RUN:-/run/nxc} NXC_ETC=${NXC_ETC:-/etc/nxc}
run=$NXC_RUN etc=$NXC_ETC
. "$etc/lib/unit-state.sh"
. "$etc/lib/unit-files.sh"
. "$etc/lib/systemctl-options.sh"
. "$etc/lib/systemctl-show.sh"
shown=() words=() value_only= quiet= legend=1 signal=TERM whom=all block=1 until_end= states= types= now= all= plain= reverse= force= dry_run= help=
lines=10 output=short
parse "$@"
verb=${words[0]:-list-units}

# Sets REPLY to the name of a unit that $1 means.
mangled() {
  REPLY=$1
  [[ $1 =~ \.(service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$ || $1 == *'*' ]] || REPLY=$1.service
}

# Sets `units` to those that the command line names; patterns mean what is loaded.
units=()
name_units() {
  local word unit services
  for word in "${words[@]:1}"; do
    [[ $word ]] || wrong 'Failed to mangle name: Invalid argument'
    mangled "$word"
    if [[ $word == *['*?[']* && $verb != is-enabled ]]; then
      [[ $all ]] && all_services || loaded_services
      for unit in "${services[@]}" $targets; do
        # shellcheck disable=SC2053
        [[ $unit == $REPLY ]] || continue
        [[ $verb != @(start|restart|try-restart|reload*) ]] || { read_state "$unit"; [[ $ActiveState != inactive ]] || continue; }
        units+=("$unit")
      done
      matched=1
    else units+=("$REPLY"); fi
  done
}

# Sets ActiveState and the other words of unit $1's state.
read_state() {
  unit_state "$1"
  [[ $1 != *.target ]] || {
    if [[ " $other_targets " == *[[:space:]]"$1"[[:space:]]* ]] || ! exists "$1"; then ActiveState=inactive SubState=dead
    elif [[ -e $run/booted || ( $1 != multi-user.target && $1 != default.target ) ]]; then ActiveState=active SubState=active
    else ActiveState=activating SubState=waiting; fi
  }
}

# Whether systemd would have unit $1 in memory: it is up or has failed, or it belongs to what starts at boot. Its state is read.
is_loaded() { [[ $ActiveState != inactive || $1 == *.target || -e $run/transient/$1 ]] || grep -Fqsx "$1" "$etc/units/boot"; }

# Sets `services` to the names of those that are loaded.
loaded_services() {
  local unit kept=()
  all_services
  for unit in "${services[@]}"; do
    read_state "$unit"
    ! is_loaded "$unit" || kept+=("$unit")
  done
  services=("${kept[@]}")
}

read_unit() {
  Description= Type= Restart=no RemainAfterExit=no User= Group= WorkingDirectory= After=() Requires=() Wants=() WantedBy=() RequiredBy=() Environment=()
  RestartSec= StartLimitBurst= StartLimitIntervalSec= TimeoutStartSec= TimeoutStopSec= ExecStartPre=() ExecStart=() ExecStartPost=() ExecReload=() ExecStop=()
  local folder
  ! unit_folder "$1" || . "$folder/unit"
}

request() {
  { printf 'unit %s %s\n' "$1" "$2" >"$run/control"; } 2>/dev/null && return
  echo "Failed to $1 $2: Access denied" >&2
  exit 4
}

start() {
  read_state "$1"
  if is_masked "$1"; then echo "Failed to $verb $1: Unit $1 is masked." >&2; return 1; fi
  [[ $1 != *.target ]] || return 0
  # Its stop runs to its end first, and without a wait for it that is for init.
  [[ ! $block ]] || while [[ $ActiveState == deactivating ]]; do pause 0.01; read_state "$1"; done
  if [[ $ActiveState == @(active|reloading) ]]; then return 0; fi
  if [[ $ActiveState == deactivating ]] || mark_start "$1"; then request start "$1"; fi
  [[ $block ]] || return 0
  # What a unit comes to that waits for its restart shows after that.
  while [[ $SubState == auto-restart ]]; do pause 0.01; read_state "$1"; done
  while read_state "$1"; [[ ! $Job && $ActiveState == activating ]]; do pause 0.01; done
  case $Job in
    dependency) echo "A dependency job for $1 failed. See 'journalctl -xe' for details." >&2 ;;
    canceled) echo "Job for $1 canceled." >&2 ;;
    failed) job_failed "$1" ;;
    *) return 0 ;;
  esac
  return 1
}

job_failed() {
  local why=
  case $Result in
    exit-code) why=' because the control process exited with error code' ;;
    signal) why=' because a fatal signal was delivered to the control process' ;;
    timeout) why=' because a timeout was exceeded' ;;
    start-limit-hit) why=' because start of the service was attempted too often' ;;
  esac
  printf 'Job for %s failed%s.\nSee "systemctl status %s" and "journalctl -xeu %s" for details.\n' "$1" "$why" "$1" "$1" >&2
}

# With --wait: until what was started has ended, and whether it did so in order.
ended() {
  while read_state "$1"; [[ $ActiveState != @(inactive|failed) ]]; do pause 0.02; done
  [[ $ActiveState == inactive ]]
}

# Units that require this one stop before it.
stop() {
  local other
  read_state "$1"
  [[ $1 != *.target && $ActiveState != inactive && $ActiveState != failed ]] || return 0
  read_unit "$1"
  for other in "${RequiredBy[@]}"; do
    [[ $other == *.target || $other == "$1" ]] || ! exists "$other" || ( stop "$other" )
  done
  request stop "$1"
  # What is asked for next finds it on its way, as after systemd's queue.
  if [[ ! $block ]]; then
    while read_state "$1"; [[ $ActiveState == @(active|activating|reloading) ]]; do pause 0.005; done
    return 0
  fi
  while read_state "$1"; [[ $ActiveState != inactive && $ActiveState != failed ]]; do pause 0.01; done
  return 0
}

# init does both, whoever waits for it. Units that require this one and run are restarted with it.
restart() {
  local other again=()
  if is_masked "$1"; then start "$1"; return; fi
  read_unit "$1"
  for other in "${RequiredBy[@]}"; do
    [[ $other != *.target && $other != "$1" ]] && exists "$other" || continue
    read_state "$other"
    [[ $ActiveState != @(active|activating) ]] || again+=("$other")
  done
  if [[ ! $block && ${#again[@]} == 0 ]]; then request restart "$1"; return; fi
  if [[ ! $block ]]; then ( block=1; stop "$1"; start "$1"; for other in "${again[@]}"; do start "$other"; done ) >/dev/null 2>&1 </dev/null & return 0; fi
  stop "$1"
  start "$1" || return
  for other in "${again[@]}"; do start "$other"; done
}

can_reload() { read_unit "$1"; (( ${#ExecReload[@]} )); }
try_restart() { read_state "$1"; [[ $ActiveState != @(active|activating|reloading) ]] || restart "$1"; }
reload() {
  read_state "$1"
  [[ $ActiveState == active ]] || { echo "$1 is not active, cannot reload." >&2; return 1; }
  can_reload "$1" || { echo "Failed to reload $1: Job type reload is not applicable for unit $1." >&2; return 3; }
  local before=$Reloads
  request reload "$1"
  [[ $block ]] || return 0
  while read_state "$1"; [[ $ActiveState == @(active|reloading) && $Reloads == "$before" ]]; do pause 0.01; done
  [[ $ReloadResult != success ]] || return 0
  Result=$ReloadResult
  job_failed "$1"
  return 1
}
reload_or_restart() { read_state "$1"; if [[ $ActiveState == active ]] && can_reload "$1"; then reload "$1"; else restart "$1"; fi; }
try_reload_or_restart() { read_state "$1"; [[ $ActiveState != active ]] || reload_or_restart "$1"; }

send() {
  local pid
  read_state "$1"
  is_loaded "$1" || { echo "Failed to kill unit $1: Unit $1 not loaded." >&2; return 1; }
  if [[ $whom == main ]]; then
    (( MainPID )) || { echo "Failed to kill unit $1: No main process to kill" >&2; return 1; }
    kill -s "$signal" "$MainPID"
  elif [[ $whom == control ]]; then echo "Failed to kill unit $1: No control process to kill" >&2; return 1
  elif [[ $ActiveState == @(active|activating|deactivating|reloading) ]]; then
    for pid in $(processes_of "$InvocationID"); do kill -s "$signal" "$pid" 2>/dev/null; done
  fi
  return 0
}

forget() {
  read_state "$1"
  is_loaded "$1" || { echo "Failed to reset failed state of unit $1: Unit $1 not loaded." >&2; return 1; }
  rm -f "$run/units/$1/starts" 2>/dev/null
  [[ $ActiveState == failed ]] || return 0
  { echo 'ActiveState=inactive SubState=dead' >"$run/units/$1/state"; } 2>/dev/null || { echo "Failed to reset failed state of unit $1: Access denied" >&2; return 1; }
  [[ ! -e $run/transient/$1 ]] || rm -rf "$run/transient/$1"
}

# Keeps $1 for unit $2; what the composition says is for the unit itself.
keep() {
  { mkdir -p "$run/enablement" && echo "$1" >"$run/enablement/$2"; } 2>/dev/null || { echo "Failed to $verb unit: Access denied" >&2; exit 1; }
}
enable() {
  if is_masked "$1"; then echo "Failed to enable unit: Unit file /etc/systemd/system/$1 is masked." >&2; return 1; fi
  read_unit "$1"
  if [[ $1 != *.target && ${#WantedBy[@]} == 0 ]]; then
    echo "The unit file of $1 has no installation config (WantedBy=): it can be started, but not be enabled." >&2
  else keep enabled "$1"; fi
  [[ ! $now ]] || start "$1"
}
disable() { is_masked "$1" || keep disabled "$1"; [[ ! $now ]] || stop "$1"; }
mask() { is_masked "$1" || { enablement "$1"; keep "masked $REPLY" "$1"; }; [[ ! $now ]] || stop "$1"; }
unmask() {
  is_masked "$1" || return 0
  enablement "$1"
  REPLY=${REPLY#masked}
  if [[ ${REPLY# } ]]; then keep "${REPLY# }" "$1"; else rm -f "$run/enablement/$1"; fi
}

# Whether any unit has the state that $@ names; prints each unit's state.
any() {
  local unit found= known= otherwise=$1
  shift
  (( ${#units[@]} )) || [[ $matched ]] || wrong 'Too few arguments.'
  for unit in "${units[@]}"; do
    read_state "$unit"
    [[ $quiet ]] || echo "$ActiveState"
    [[ " $* " != *" $ActiveState "* ]] || found=1
    ! exists "$unit" || known=1
  done
  [[ ! $found ]] || return 0
  [[ $known ]] && return "$otherwise"
  return 4
}

are_enabled() {
  local unit answer found= known=
  (( ${#units[@]} )) || wrong 'Too few arguments.'
  for unit in "${units[@]}"; do
    answer=$(enabled "$unit")
    [[ $quiet ]] || echo "${answer:-not-found}"
    [[ ! $answer ]] || known=1
    [[ $answer != @(enabled|static) ]] || found=1
  done
  [[ ! $found ]] || return 0
  [[ $known ]] && return 1
  return 4
}

each() {
  local unit outcome=0
  (( ${#units[@]} )) || [[ $matched ]] || wrong 'Too few arguments.'
  for unit in "${units[@]}"; do
    if ! exists "$unit"; then
      outcome=1
      case $verb in
        enable | disable | reenable | mask | unmask) echo "Failed to $verb unit: Unit file $unit does not exist." >&2 ;;
        kill) echo "Failed to kill unit $unit: Unit $unit not loaded." >&2 ;;
        reset-failed) echo "Failed to reset failed state of unit $unit: Unit $unit not loaded." >&2 ;;
        cat) echo "No files found for $unit." >&2 ;;
        stop) echo "Failed to stop $unit: Unit $unit not loaded." >&2; outcome=5 ;;
        *) echo "Failed to $verb $unit: Unit $unit not found." >&2; outcome=5 ;;
      esac
      continue
    fi
    "$@" "$unit" || outcome=$?
  done
  [[ $until_end && $verb == *start ]] || return $outcome
  for unit in "${units[@]}"; do ! exists "$unit" || ended "$unit" || outcome=1; done
  return $outcome
}

# Ends the node in order, after this program: whoever called it is to see its status. Nobody starts a node again, so a reboot ends
# it, too, as in the NixOS test driver where reboots were not allowed.
power_off() {
  [[ ! $dry_run ]] || return 0
  [[ -w $run/control ]] || { echo "Failed to $verb: Access denied" >&2; return 4; }
  { pause 0.1; printf 'halt\n' >"$run/control"; } >/dev/null 2>&1 &
}

# What `systemctl is-system-running` prints.
system_state() {
  if [[ ! -e $run/booted ]]; then echo starting; return; fi
  local services unit
  all_services
  for unit in "${services[@]}"; do read_state "$unit"; [[ $ActiveState != failed ]] || { echo degraded; return; }; done
  echo running
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

# The list of a kind of units that nodes do not have; the rest are its columns.
nothing_of() {
  local kind=$1
  shift
  [[ $legend ]] || return 0
  echo "$*"
  printf '\n0 %s listed.\n' "$kind"
  [[ $all ]] || echo "Pass --all to see loaded but inactive $kind, too."
}

# Verbs that take no words, or one.
case $verb in
  daemon-reload | daemon-reexec | is-system-running | get-default | list-machines | show-environment) most=1 ;;
  set-default) most=2 ;;
  *) most=${#words[@]} ;;
esac
(( ${#words[@]} <= most )) || wrong 'Too many arguments.'

verbs='start stop restart try-restart reload reload-or-restart try-reload-or-restart kill reset-failed is-active is-failed is-enabled
 is-system-running show status cat list-units list-unit-files list-dependencies list-jobs list-timers list-sockets list-automounts list-paths
 list-machines get-default set-default enable disable reenable mask unmask show-environment daemon-reload daemon-reexec poweroff halt reboot'
if [[ $help ]]; then
  printf 'systemctl [OPTIONS...] COMMAND ...\n\nUnits of this node. Of systemd'"'"'s commands a node of flavour local has:\n'
  printf '  %s\n' $verbs
  printf '\nThe other ones are errors. See systemctl(1) for what each does.\n'
  exit
fi
[[ $verb != *list* && $verb != show* ]] || . "$etc/lib/systemctl-lists.sh"
matched=
case $verb in set-* | get-default | list-units | list-unit-files) ;; *) name_units ;; esac

case $verb in
  start) each start ;;
  stop) each stop ;;
  restart) each restart ;;
  try-restart | condrestart) each try_restart ;;
  reload) each reload ;;
  reload-or-restart | force-reload) each reload_or_restart ;;
  try-reload-or-restart | reload-or-try-restart) each try_reload_or_restart ;;
  kill)
    if [[ $signal == help ]]; then tell kill -l; exit; fi
    [[ $signal != 0 ]] && kill -l "$signal" >/dev/null 2>&1 || wrong "Failed to parse signal string \"$signal\"."
    each send
    ;;
  reset-failed) if (( ${#words[@]} > 1 )); then each forget; else loaded_services; for unit in "${services[@]}"; do forget "$unit"; done; fi ;;
  is-active) any 3 active reloading ;;
  is-failed)
    if (( ${#words[@]} > 1 )); then any 1 failed
    else
      state=$(system_state)
      [[ $quiet ]] || echo "$state"
      [[ $state == degraded ]]
    fi
    ;;
  is-enabled) are_enabled ;;
  is-system-running)
    [[ ! $until_end ]] || while [[ ! -e $run/booted ]]; do pause 0.02; done
    state=$(system_state)
    [[ $quiet ]] || echo "$state"
    [[ $state == running ]]
    ;;
  show) tell show_all ;;
  status)
    if (( ${#words[@]} > 1 )); then
      for (( i = 0; i < ${#units[@]}; i++ )); do
        [[ ${units[i]} =~ ^([0-9]+)\.service$ ]] || continue
        unit=$(tr '\0' '\n' 2>/dev/null <"/proc/${BASH_REMATCH[1]}/environ" | sed -n 's/^NXC_UNIT=//p') 2>/dev/null
        [[ $unit ]] || wrong "Failed to get unit for PID ${BASH_REMATCH[1]}: PID ${BASH_REMATCH[1]} does not belong to any loaded unit."
        units[i]=$unit
      done
      tell status_all
    else . "$etc/lib/systemctl-lists.sh"; tell list_units; fi
    ;;
  cat) printed=; tell each contents ;;
  list-units) tell list_units ;;
  list-unit-files) tell list_unit_files ;;
  list-dependencies) tell list_dependencies ;;
  list-jobs) tell list_jobs ;;
  list-timers) nothing_of timers NEXT LEFT LAST PASSED UNIT ACTIVATES ;;
  list-sockets) nothing_of sockets LISTEN UNIT ACTIVATES ;;
  list-automounts) nothing_of automounts WHAT WHERE MOUNTED IDLE TIMEOUT UNIT ;;
  list-paths) nothing_of paths PATH CONDITION UNIT ACTIVATES ;;
  list-machines) [[ ! $legend ]] || printf 'NAME STATE FAILED JOBS\n\n0 machines listed.\n' ;;
  get-default) echo multi-user.target ;;
  set-default) [[ ${words[1]} == @(multi-user|multi-user.target|default.target) ]] || refuse "the default target ${words[1]}" 'they boot into multi-user.target' ;;
  enable) each enable ;;
  disable) each disable ;;
  reenable) each enable ;;
  mask) each mask ;;
  unmask) each unmask ;;
  show-environment) show_environment ;;
  daemon-reload | daemon-reexec) ;;
  poweroff | halt | reboot) power_off ;;
  set-environment | unset-environment | import-environment) refuse "systemctl $verb" 'set systemd.services.NAME.environment in the composition' ;;
  edit | link | revert | set-property | add-wants | add-requires | preset | preset-all) refuse "systemctl $verb" 'change the unit in the composition, or try one with systemd-run' ;;
  isolate | default | rescue | emergency) refuse "systemctl $verb" 'stop the units with systemctl stop' ;;
  suspend | hibernate | hybrid-sleep | suspend-then-hibernate | kexec | switch-root | exit | soft-reboot) refuse "systemctl $verb" 'see `nxc fault` for what can be done to a node' ;;
  freeze | thaw) refuse "systemctl $verb" 'send signals with systemctl kill -s STOP and -s CONT' ;;
  clean | bind | mount-image | service-log-level | service-log-target | help | cancel | log-level | log-target | service-watchdogs | whoami) refuse "systemctl $verb" ;;
  *) echo "Unknown command verb $verb." >&2; exit 1 ;;
esac
