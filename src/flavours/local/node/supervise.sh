# One unit from its start to its end, with systemd's meaning of its settings; runs as a child of init.

supervise() {
  local unit=$1 folder run=$NXC_RUN/units/$1
  local Transient= Streams=
  local active=activating sub=start final=dead result=success main=0 code=0 restarts=0 begun=0 changed=0 job=
  local stopping= reloading= invocation logger uid=$EUID
  local reloads=0 reload_result=success
  [[ -d $run ]] || mkdir -p "$run"
  unit_folder "$unit"
  . "$folder/unit"
  Description=${Description:-$unit}
  set -m
  trap 'stopping=1' USR1
  trap 'reloading=1' USR2
  # What bash itself would say, of killed jobs, is not the unit's.
  exec >/dev/null 2>&1
  unit_uid
  state activating waiting
  if ! await_others; then
    say "Dependency failed for $Description." 4
    result=dependency job=dependency
    state inactive dead
    return
  fi
  if [[ $stopping ]]; then
    job=canceled
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
  # What systemd-run made is gone when it has ended, unless it failed and is to be looked at.
  [[ ! $Transient || ( $final == failed && $Transient != collect ) ]] || rm -rf "$folder"
  if [[ $final == failed && $Transient != collect ]]; then state failed failed; else state inactive dead; fi
}

# Writes the state where init, systemctl and the machine's status read it.
state() {
  local before=$active/$sub
  active=$1 sub=$2
  [[ $active == @(active|activating|reloading|deactivating) ]] && local supervisor=$BASHPID || local supervisor=0
  [[ $before != "$active/$sub" ]] && changed=${EPOCHREALTIME/,/.}
  [[ $before != "$active/$sub" && $active/$sub == active/@(running|exited) ]] && begun=${EPOCHREALTIME/,/.}
  printf 'ActiveState=%s SubState=%s Result=%s MainPID=%s ExecMainStatus=%s ExecMainCode=%s NRestarts=%s Since=%s Changed=%s InvocationID=%s Job=%s Reloads=%s ReloadResult=%s Supervisor=%s\n' \
    "$active" "$sub" "$result" "$main" "$((code > 128 && code < 193 ? code - 128 : code))" "$((code > 128 && code < 193 ? 2 : 1))" \
    "$restarts" "$begun" "$changed" "$invocation" "$job" "$reloads" "$reload_result" "$supervisor" >"$run/state"
}

# Writes what the manager of the units says of this one to its log, with priority $2 of syslog(3), else info.
say() {
  local now=$EPOCHREALTIME
  local TZ=UTC LC_ALL=C
  printf '%(%FT%T)T.%sZ journal %s %s %s +%s systemd %s\n' "${now%[.,]*}" "${now#*[.,]}" "$((24 + ${2:-6}))" "$$" "$EUID" "$unit" "$1" >>"$run/log"
}

# Sets `uid` to that of the processes of the unit (see become.sh).
unit_uid() {
  local ids name gid home shell passwd=/etc/passwd
  [[ $User && $User != root && $EUID == 0 ]] || return 0
  read -r _ _ ids </proc/self/uid_map
  (( ids != 1 )) || return 0
  account "$User" "$passwd" || uid=0
}

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
    [[ ! $Job || $Job == done ]] || return 1
  done
}

# One start to its end. Leaves `result` and the final state.
cycle() {
  local path
  if limit_reached; then
    say "$unit: Start request repeated too quickly." 4
    [[ $result != success ]] || result=start-limit-hit
    fail_start
    return
  fi
  result=success final=dead main=0 code=0 job=
  printf -v invocation '%08x%08x%08x%08x' "$SRANDOM" "$SRANDOM" "$SRANDOM" "$SRANDOM"
  state activating start
  for path in "${Directories[@]}"; do make_directory "$path"; done
  [[ $Type != oneshot && $Type != forking && ! ${ExecStartPre[0]} ]] || say "Starting $Description..."
  phase "${ExecStartPre[@]}" || { fail_start; return; }
  case $Type in
    oneshot) phase "${ExecStart[@]}" || { fail_start; return; } ;;
    forking)
      phase "${ExecStart[@]}" || { fail_start; return; }
      main=$(processes_of "$invocation" | head -n 1)
      main=${main:-0}
      ;;
    *)
      launch "${ExecStart[0]#-}"
      main=$!
      ;;
  esac
  phase "${ExecStartPost[@]}" || { end_all; fail_start; return; }
  job=done
  if [[ $Type == oneshot ]]; then
    [[ $RemainAfterExit == yes ]] || say "$unit: Deactivated successfully."
    say "Finished $Description."
  else say "Started $Description."; fi
  if [[ $Type == oneshot ]]; then
    [[ $RemainAfterExit != yes ]] || remain
    return
  fi
  state active running
  watch_main
  settle
}

# Starts count, whoever asks for them, until `systemctl reset-failed`; with $1 this one is not counted.
limit_reached() {
  local now=${EPOCHREALTIME/[.,]/} starts=() kept=() at interval
  printf -v interval '%.0f' "${StartLimitIntervalSec}e6"
  [[ ! -e $run/starts ]] || read -r -a starts <"$run/starts"
  for at in "${starts[@]}"; do (( now - at >= interval )) || kept+=("$at"); done
  (( StartLimitBurst > 0 && interval > 0 && ${#kept[@]} >= StartLimitBurst )) && return
  [[ $1 ]] || echo "${kept[*]} $now" >"$run/starts"
  return 1
}

# Waits until the main process has ended, or a stop is asked for. Sets `code`.
watch_main() {
  while :; do
    if [[ $Type == forking ]]; then
      # Not our child: it cannot be waited for, nor its status be known.
      while kill -0 "$main" 2>/dev/null && [[ ! $stopping && ! $reloading ]]; do pause 0.1; done
      code=0
    elif [[ ! $stopping && ! $reloading ]]; then
      wait "$main"
    fi
    if [[ $reloading ]]; then
      reloading=
      state reloading reload
      say "Reloading $Description..."
      reload_result=success
      local kept=$result its_logger=$logger
      phase "${ExecReload[@]}" || reload_result=$result
      drain
      result=$kept code=0 logger=$its_logger
      ((reloads++))
      [[ $reload_result == success ]] && say "Reloaded $Description." || say "Reload failed for $Description." 4
      state active running
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
  # A service without its process is about to end.
  main=0
  [[ $active != active ]] || state active running
  end_all
  drain
  if [[ $Type != forking && $result == success ]] && ! clean; then
    (( code > 128 && code < 193 )) && result=signal || result=exit-code
    say_exited Main
  fi
  main=$was
  if [[ $result != success ]]; then
    fail
  elif [[ ! $stopping && $RemainAfterExit == yes ]]; then
    remain
    return
  else
    say "$unit: Deactivated successfully."
    main=0
  fi
  [[ ! $stopping ]] || say "Stopped $Description."
}

# What systemd says of a status, with its name (systemd.exec(5)).
say_exited() {
  local -A names=([1]=FAILURE [2]=INVALIDARGUMENT [3]=NOTIMPLEMENTED [4]=NOPERMISSION [5]=NOTINSTALLED [6]=NOTCONFIGURED [7]=NOTRUNNING
    [200]=CHDIR [203]=EXEC [216]=GROUP [217]=USER)
  if [[ $result == signal ]]; then say "$unit: $1 process exited, code=killed, status=$((code - 128))/$(kill -l $((code - 128)))" 5
  else say "$unit: $1 process exited, code=exited, status=$code/${names[$code]:-n/a}" 5; fi
}

# systemd takes these signals for a proper end.
clean() { [[ $code == 0 || $code == 129 || $code == 130 || $code == 141 || $code == 143 ]]; }

fail() {
  main=0
  say "$unit: Failed with result '$result'." 4
  final=failed
}

fail_start() {
  if [[ $stopping && $result != timeout ]]; then
    job=canceled result=success main=0
    say "$unit: Deactivated successfully."
    say "Stopped $Description."
    return
  fi
  job=failed
  fail
  say "Failed to start $Description." 3
}

remain() {
  state active exited
  # A wait for something that does not end by itself ends with the signal to stop. Nobody writes to that pipe.
  local keeper
  { trap - USR1 USR2; read -r _ <&6; } &
  keeper=$!
  until [[ $stopping ]]; do wait "$keeper"; done
  kill -KILL "$keeper"
  state deactivating stop
  say "Stopping $Description..."
  phase "${ExecStop[@]}"
  end_all
  drain
  say "$unit: Deactivated successfully."
  say "Stopped $Description."
}

stop_main() {
  local end
  state deactivating stop-sigterm
  say "Stopping $Description..."
  phase "${ExecStop[@]}"
  kill -TERM -- "-$main" 2>/dev/null || kill -TERM "$main" 2>/dev/null
  printf -v end '%.0f' "${TimeoutStopSec}e3"
  while kill -0 "$main" 2>/dev/null && [[ $TimeoutStopSec == 0 || $end -gt 0 ]]; do
    pause 0.01
    (( end -= 10 ))
  done
  if kill -0 "$main" 2>/dev/null; then
    say "$unit: State 'stop-sigterm' timed out. Killing." 4
    result=timeout
    kill -KILL -- "-$main" 2>/dev/null || kill -KILL "$main" 2>/dev/null
  fi
  [[ $Type == forking ]] || status_of "$main" code
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
  limit_reached look || return
  say "$unit: Start request repeated too quickly."
  fail
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
      [[ $stopping && $active == activating ]] || continue
      state deactivating stop-sigterm
      kill -TERM -- "-$pid" 2>/dev/null
    done
    [[ ! $timer ]] || kill -KILL "$timer" 2>/dev/null
    status_of "$pid" status
    # What it left in the background may hold its output open; what failed may have said why.
    (( status == 0 )) && [[ $Type != oneshot ]] || drain
    if [[ -e $run/timed-out ]]; then
      rm -f "$run/timed-out"
      say "$unit: $what timed out. Terminating." 4
      result=timeout code=$status
      return 1
    fi
    (( status == 0 )) || [[ $command == -* ]] && continue
    code=$status
    (( status > 128 && status < 193 )) && result=signal || result=exit-code
    if [[ $Type == oneshot && $command == ExecStart.* ]]; then say_exited Main; else say_exited Control; fi
    return 1
  done
}

# Starts a command of the unit as a process group of its own; $! is it, and `logger` writes what it says.
launch() {
  local output size=0
  (( restarts == 0 )) || size=$(wc -c <"$run/log")
  exec {output}> >(log_lines "$run/log" "${Identifiers[$1]}" "$unit" "$uid" "$size")
  logger=$!
  (
    # Who it is, for the journal.
    printf '%s\n' "$BASHPID" >&"$output"
    if [[ $Streams ]]; then exec <"/proc/$Streams/fd/0" >"/proc/$Streams/fd/1" 2>"/proc/$Streams/fd/2" {output}>&-
    else exec </dev/null >&"$output" 2>&1 {output}>&-; fi
    trap - USR1 USR2
    export INVOCATION_ID=$invocation MAINPID=$main NXC_UNIT=$unit PATH
    printf -v path '%s:' "${UnitPath[@]}"
    (( ${#UnitPath[@]} == 0 )) || PATH=$path$PATH
    switch=()
    [[ ! $User || $User == root ]] || become "$User" "$Group" || exit 217
    cd "${WorkingDirectory:-/}" || exit 200
    (( ${#Environment[@]} == 0 )) || export "${Environment[@]}"
    exec "${switch[@]}" bash "$folder/$1"
  ) &
  exec {output}>&-
}

# What ended has nothing more to say, but its logger may still be writing.
drain() {
  local i
  for (( i = 0; i < 20; i++ )); do
    kill -0 "$logger" 2>/dev/null || return 0
    pause 0.01
  done
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

end_all() {
  local pid
  for pid in $(processes_of "$invocation"); do kill -KILL "$pid" 2>/dev/null; done
}

# Copies lines to the log $1 as entries of the journal (tools/entry.ts), each with the time it came: of identifier $2, unit $3
# and user $4, of the process that the first line names. Keeps the last 4 to 8 MiB, in two files; $5 are there already.
log_lines() {
  local line now pid pri size=$5
  local TZ=UTC LC_ALL=C
  trap '' USR1 USR2
  exec 3>>"$1"
  IFS= read -r pid || return
  while IFS= read -r line || [[ $line ]]; do
    now=$EPOCHREALTIME pri=30
    # Priorities as in sd-daemon(3), of the facility daemon.
    [[ $line != '<'[0-7]'>'* ]] || pri=$((24 + ${line:1:1})) line=${line:3}
    # Journald has no entries without a message.
    [[ $line ]] || continue
    printf '%(%FT%T)T.%sZ stdout %s %s %s %s %s %s\n' "${now%.*}" "${now:11:6}" "$pri" "$pid" "$4" "$3" "$2" "$line" >&3
    (( (size += ${#line} + 80) < 4194304 )) && continue
    mv -f "$1" "$1.1"
    exec 3>>"$1"
    size=0
  done
}
