# One unit from its start to its end, with systemd's meaning of its settings; runs as a child of init.

supervise() {
  local unit=$1 folder=$NXC_ETC/units/$1 run=$NXC_RUN/units/$1
  local active=activating sub=start final=dead result=success main=0 code=0 restarts=0 begun=0
  local stopping= reloading= invocation logger
  local starts=()
  [[ -d $run ]] || mkdir -p "$run"
  . "$folder/unit"
  Description=${Description:-$unit}
  set -m
  trap 'stopping=1' USR1
  trap 'reloading=1' USR2
  # What bash itself would say, of killed jobs, is not the unit's.
  exec 5> >(log_lines "$run/log") >/dev/null 2>&1
  logger=$!
  state activating waiting
  if ! await_others; then
    say "Dependency failed for $Description."
    result=dependency
    state inactive dead
    return
  fi
  while :; do
    cycle
    if [[ $stopping ]] || ! restart_wanted; then break; fi
    state activating auto-restart
    nap "$RestartSec"
    if [[ $stopping ]]; then
      result=success final=dead
      break
    fi
    ((restarts++))
    say "$unit: Scheduled restart job, restart counter is at $restarts."
  done
  if [[ $final == failed ]]; then state failed failed; else state inactive dead; fi
}

# Writes the state where init, systemctl and the machine's status read it.
state() {
  active=$1 sub=$2
  [[ $active == active || $active == activating || $active == deactivating ]] && local supervisor=$BASHPID || local supervisor=0
  [[ $active/$sub == active/running || $active/$sub == active/exited ]] && begun=${EPOCHREALTIME/,/.}
  printf 'ActiveState=%s SubState=%s Result=%s MainPID=%s ExecMainStatus=%s ExecMainCode=%s NRestarts=%s Since=%s Supervisor=%s\n' \
    "$active" "$sub" "$result" "$main" "$((code > 128 && code < 193 ? code - 128 : code))" "$((code > 128 && code < 193 ? 2 : 1))" \
    "$restarts" "$begun" "$supervisor" >"$run/state"
}

say() { printf '%s\n' "$1" >&5; }

# Sleeps, but not through a stop.
nap() {
  local end
  printf -v end '%.0f' "${1}e3"
  for ((; end > 0; end -= 20)); do
    [[ ! $stopping ]] || return
    pause 0.02
  done
}

# Waits for the units this one comes after; false when one that it requires has failed.
await_others() {
  local other
  for other in "${After[@]}" "${Requires[@]}"; do
    [[ -d $NXC_ETC/units/$other ]] || continue
    while unit_state "$other"; [[ $ActiveState == activating && $SubState != auto-restart && ! $stopping ]]; do pause 0.01; done
  done
  for other in "${Requires[@]}"; do
    [[ -d $NXC_ETC/units/$other ]] || continue
    unit_state "$other"
    [[ $ActiveState != failed && $Result != dependency ]] || return 1
  done
}

# One start to its end. Leaves `result` and the final state.
cycle() {
  local path
  if limit_reached; then
    say "$unit: Start request repeated too quickly."
    [[ $result != success ]] || result=start-limit-hit
    fail
    return
  fi
  result=success final=dead main=0 code=0
  printf -v invocation '%08x%08x%08x%08x' "$SRANDOM" "$SRANDOM" "$SRANDOM" "$SRANDOM"
  state activating start
  for path in "${Directories[@]}"; do make_directory "$path"; done
  phase "${ExecStartPre[@]}" || { fail; return; }
  case $Type in
    oneshot) phase "${ExecStart[@]}" || { fail; return; } ;;
    forking)
      phase "${ExecStart[@]}" || { fail; return; }
      main=$(processes | head -n 1)
      main=${main:-0}
      ;;
    *)
      launch "${ExecStart[0]#-}"
      main=$!
      ;;
  esac
  phase "${ExecStartPost[@]}" || { end_all; fail; return; }
  [[ $Type == oneshot ]] && say "Finished $Description." || say "Started $Description."
  if [[ $Type == oneshot ]]; then
    [[ $RemainAfterExit != yes ]] || remain
    return
  fi
  state active running
  watch_main
  settle
}

limit_reached() {
  local now=${EPOCHREALTIME/[.,]/} kept=() at interval
  printf -v interval '%.0f' "${StartLimitIntervalSec}e6"
  for at in "${starts[@]}"; do (( now - at >= interval )) || kept+=("$at"); done
  (( StartLimitBurst > 0 && interval > 0 && ${#kept[@]} >= StartLimitBurst )) && return
  starts=("${kept[@]}" "$now")
  return 1
}

# Waits until the main process has ended, or a stop is asked for. Sets `code`.
watch_main() {
  while :; do
    if [[ $Type == forking ]]; then
      # Not our child: it cannot be waited for, nor its status be known.
      while kill -0 "$main" 2>/dev/null && [[ ! $stopping && ! $reloading ]]; do pause 0.1; done
      code=0
    else
      wait "$main"
    fi
    if [[ $reloading ]]; then
      reloading=
      phase "${ExecReload[@]}"
    elif [[ $stopping ]]; then
      stop_main
      return
    elif ! kill -0 "$main" 2>/dev/null; then
      [[ $Type == forking ]] || status_of "$main" code
      return
    fi
  done
}

# Sets $2 to the status of process $1, which has ended. A wait that a signal broke off told the signal's instead.
status_of() {
  wait "$1" 2>/dev/null
  printf -v "$2" '%s' "$?"
}

# After the main process: the rest of the unit, and what it comes to.
settle() {
  local was=$main
  end_all
  main=0
  if [[ $Type != forking && $result == success ]] && ! clean; then
    if (( code > 128 && code < 193 )); then
      result=signal
      say "$unit: Main process exited, code=killed, status=$((code - 128))/$(kill -l $((code - 128)))"
    else
      result=exit-code
      say "$unit: Main process exited, code=exited, status=$code/FAILURE"
    fi
  fi
  main=$was
  [[ $result == success ]] || { fail; return; }
  if [[ ! $stopping && $RemainAfterExit == yes ]]; then remain; return; fi
  say "$unit: Deactivated successfully."
  main=0
}

# systemd takes these signals for a proper end.
clean() { [[ $code == 0 || $code == 129 || $code == 130 || $code == 141 || $code == 143 ]]; }

fail() {
  main=0
  say "$unit: Failed with result '$result'."
  final=failed
}

remain() {
  state active exited
  # A wait for something that does not end by itself ends with the signal to stop.
  until [[ $stopping ]]; do wait "$logger"; done
  state deactivating stop
  phase "${ExecStop[@]}"
  end_all
  say "Stopped $Description."
}

stop_main() {
  local end
  state deactivating stop-sigterm
  phase "${ExecStop[@]}"
  kill -TERM -- "-$main" 2>/dev/null || kill -TERM "$main" 2>/dev/null
  printf -v end '%.0f' "${TimeoutStopSec}e3"
  while kill -0 "$main" 2>/dev/null && [[ $TimeoutStopSec == 0 || $end -gt 0 ]]; do
    pause 0.01
    (( end -= 10 ))
  done
  if kill -0 "$main" 2>/dev/null; then
    say "$unit: State 'stop-sigterm' timed out. Killing."
    result=timeout
    kill -KILL -- "-$main" 2>/dev/null || kill -KILL "$main" 2>/dev/null
  fi
  [[ $Type == forking ]] || status_of "$main" code
  say "Stopped $Description."
}

restart_wanted() {
  [[ $result != start-limit-hit ]] || return
  case $Restart in
    always) [[ $Type != oneshot || $result != success ]] ;;
    on-success) [[ $result == success ]] ;;
    on-failure) [[ $result != success ]] ;;
    on-abnormal) [[ $result == signal || $result == timeout ]] ;;
    on-abort) [[ $result == signal ]] ;;
    *) false ;;
  esac && ! exhausted
}

# A restart that the start limit forbids is not even scheduled.
exhausted() {
  local saved=("${starts[@]}")
  if limit_reached; then
    say "$unit: Start request repeated too quickly."
    fail
    return
  fi
  starts=("${saved[@]}")
  return 1
}

# Runs commands one after the other; false when one fails whose failure matters. Sets `code` and `result`.
phase() {
  local command pid timer status limit=$TimeoutStartSec what='start operation'
  [[ $active != deactivating ]] || limit=$TimeoutStopSec what=Stopping
  for command; do
    launch "${command#-}"
    pid=$! timer=
    if [[ $limit != 0 ]]; then
      # A mark and no signal to this shell: bash may lose a child that ends while a signal breaks off its wait.
      ( pause "$limit"; : >"$run/timed-out"; kill -KILL -- "-$pid" ) &
      timer=$!
    fi
    while :; do
      wait "$pid"
      kill -0 "$pid" 2>/dev/null || break
      [[ ! $stopping || $active != activating ]] || kill -TERM -- "-$pid" 2>/dev/null
    done
    [[ ! $timer ]] || kill -KILL "$timer" 2>/dev/null
    status_of "$pid" status
    if [[ -e $run/timed-out ]]; then
      rm -f "$run/timed-out"
      say "$unit: $what timed out. Terminating."
      result=timeout code=$status
      return 1
    fi
    (( status == 0 )) || [[ $command == -* ]] && continue
    code=$status
    (( status > 128 && status < 193 )) && result=signal || result=exit-code
    say "$unit: Control process exited, code=$([[ $result == signal ]] && echo killed || echo exited), status=$status"
    return 1
  done
}

# Starts a command of the unit as a process group of its own; $! is it.
launch() {
  (
    exec </dev/null >&5 2>&1 5>&-
    trap - USR1 USR2
    export INVOCATION_ID=$invocation MAINPID=$main PATH
    printf -v path '%s:' "${UnitPath[@]}"
    (( ${#UnitPath[@]} == 0 )) || PATH=$path$PATH
    switch=()
    [[ ! $User || $User == root ]] || become "$User" "$Group" || exit 217
    cd "${WorkingDirectory:-/}" || exit 200
    (( ${#Environment[@]} == 0 )) || export "${Environment[@]}"
    exec "${switch[@]}" bash "$folder/$1"
  ) &
}

make_directory() {
  local path=$1
  # Without a root of its own a node must not write to the machine's.
  (( $$ == 1 )) || path=$HOME$path
  mkdir -p "$path"
  [[ ! $User ]] || chown "$User${Group:+:$Group}" "$path" 2>/dev/null
  case $1 in
    /run/*) export RUNTIME_DIRECTORY=$path ;;
    /var/lib/*) export STATE_DIRECTORY=$path ;;
    /var/cache/*) export CACHE_DIRECTORY=$path ;;
    /var/log/*) export LOGS_DIRECTORY=$path ;;
  esac
}

# Every process of the unit, also those that left its process group: they have its INVOCATION_ID.
processes() {
  local folder variables
  for folder in /proc/[0-9]*; do
    mapfile -d '' -t variables <"$folder/environ" || continue
    [[ " ${variables[*]} " != *" INVOCATION_ID=$invocation "* ]] || echo "${folder#/proc/}"
  done 2>/dev/null
}

end_all() {
  local pid
  for pid in $(processes); do kill -KILL "$pid" 2>/dev/null; done
}

# Copies lines to file $1, each with the time it came; keeps the last 4 to 8 MiB, in two files.
log_lines() {
  local line now size=0
  local TZ=UTC LC_ALL=C
  trap '' USR1 USR2
  exec 3>>"$1"
  while IFS= read -r line || [[ $line ]]; do
    now=$EPOCHREALTIME
    printf '%(%FT%T)T.%sZ %s\n' "${now%.*}" "${now:11:3}" "$line" >&3
    (( (size += ${#line} + 26) < 4194304 )) && continue
    mv -f "$1" "$1.1"
    exec 3>>"$1"
    size=0
  done
}
