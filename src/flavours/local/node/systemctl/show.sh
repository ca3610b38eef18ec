# What systemctl shows of units; sourced by it.

time_of() { [[ ! $1 || $1 == 0 ]] || printf '%(%a %F %T %Z)T' "${1%.*}"; }

wanted() { read_unit "$1"; (( ${#WantedBy[@]} )); }

enabled() {
  exists "$1" || return
  [[ $1 != *.target ]] || { echo static; return; }
  [[ ! -e $run/transient/$1 ]] || { echo transient; return; }
  enablement "$1"
  case $REPLY in enabled) echo enabled; return ;; masked*) echo masked; return ;; esac
  # Units of NixOS are links into the store, without an [Install] section: what no target wants is linked, and so is what was disabled.
  [[ $REPLY ]] || ! wanted "$1" || { echo enabled; return; }
  echo linked
}

load_state() { if is_masked "$1"; then echo masked; elif exists "$1"; then echo loaded; else echo not-found; fi; }

# Microseconds, as the properties ending in USec show them.
span() { [[ $1 == 0 ]] && echo infinity || awk -v s="$1" 'BEGIN { m = int(s / 60); r = int(s - m * 60); l = int((s - int(s)) * 1000 + 0.5); print (m ? m "min" : "") (m && (r || l) ? " " : "") (r ? r "s" : "") (r && l ? " " : "") (l ? l "ms" : "") }'; }

# Microseconds since the machine began, of a time in seconds since 1970.
monotonic() {
  local begin uptime
  if [[ ! $1 || $1 == 0 ]]; then echo 0; return; fi
  read -r begin uptime < <(tail -n 1 "$run/boots" | cut -d' ' -f2-)
  echo $((${1/./} - begin + uptime))
}

commands() {
  local command argv
  for command; do
    read -r argv < <(sed -n 's/^exec //p' "$folder/${command#-}")
    printf '{ path=%s ; argv[]=%s ; ignore_errors=%s }' "$folder/${command#-}" "${argv:-$folder/${command#-}}" "$([[ $command == -* ]] && echo yes || echo no)"
  done
}

properties() {
  read_state "$1"
  read_unit "$1"
  local folder loaded can=no
  unit_folder "$1" || folder=
  loaded=$(load_state "$1")
  (( ${#ExecReload[@]} == 0 )) || can=yes
  [[ $Result != dependency ]] || Result=success
  printf '%s\n' "Type=$Type" "Restart=$Restart" "RestartUSec=$(span "${RestartSec:-0.1}")" "TimeoutStartUSec=$(span "${TimeoutStartSec:-90}")" \
    "TimeoutStopUSec=$(span "${TimeoutStopSec:-90}")" "RemainAfterExit=$RemainAfterExit" "MainPID=$MainPID" "ControlPID=0" 'StatusText=' \
    'StatusErrno=0' "Result=$Result" "ReloadResult=$ReloadResult" "NRestarts=$NRestarts" "ExecMainPID=$MainPID" "ExecMainCode=$ExecMainCode" \
    "ExecMainStatus=$ExecMainStatus" "ExecStartPre=$(commands "${ExecStartPre[@]}")" "ExecStart=$(commands "${ExecStart[@]}")" \
    "ExecStartPost=$(commands "${ExecStartPost[@]}")" "ExecReload=$(commands "${ExecReload[@]}")" "ExecStop=$(commands "${ExecStop[@]}")" \
    "Environment=${Environment[*]}" "WorkingDirectory=$WorkingDirectory" "User=$User" "Group=$Group" 'KillMode=control-group' 'KillSignal=15' \
    "Id=$1" "Names=$1" "Requires=${Requires[*]}" "Wants=${Wants[*]}" "RequiredBy=${RequiredBy[*]}" "WantedBy=${WantedBy[*]}" \
    "After=${After[*]}" 'TriggeredBy=' "Description=${Description:-$1}" "LoadState=$loaded" "ActiveState=$ActiveState" "SubState=$SubState" \
    "FragmentPath=$(! fragment "$1" || echo "$REPLY")" 'SourcePath=' 'DropInPaths=' "UnitFileState=$(enabled "$1")" \
    "UnitFilePreset=$([[ $loaded != loaded ]] || echo ignored)" "StateChangeTimestamp=$(time_of "$Changed")" \
    "StateChangeTimestampMonotonic=$(monotonic "$Changed")" "ActiveEnterTimestamp=$(time_of "$Since")" \
    "ActiveEnterTimestampMonotonic=$(monotonic "$Since")" \
    "CanStart=$([[ $loaded == loaded ]] && echo yes || echo no)" "CanStop=$([[ $loaded == loaded ]] && echo yes || echo no)" "CanReload=$can" \
    'Job=' 'NeedDaemonReload=no' "ConditionResult=$([[ $Changed == 0 ]] && echo no || echo yes)" "AssertResult=$([[ $Changed == 0 ]] && echo no || echo yes)" "Transient=$([[ $folder == "$run"/transient/* ]] && echo yes || echo no)" \
    "StartLimitIntervalUSec=$(span "${StartLimitIntervalSec:-10}")" "StartLimitBurst=${StartLimitBurst:-5}" "InvocationID=$InvocationID"
}

manager_properties() {
  local state failed jobs
  state=$(system_state)
  failed=$(legend= plain=1 states=failed list_units | wc -l)
  printf '%s\n' 'Version=252 (nxc, flavour local)' "SystemState=$state" "NFailedUnits=$failed" 'DefaultTarget=multi-user.target' "Environment=$(show_environment | tr '\n' ' ')"
}

# Prints those properties of stdin that were asked for.
chosen() {
  local line name known=' '
  while IFS= read -r line; do
    name=${line%%=*}
    known+="$name "
    if (( ${#shown[@]} )); then [[ " ${shown[*]} " == *" $name "* ]] || continue
    elif [[ ! ${line#*=} && ! $all ]]; then continue; fi
    if [[ $value_only ]]; then echo "${line#*=}"; else echo "$line"; fi
  done
  for name in "${shown[@]}"; do
    [[ $known == *" $name "* ]] || refuse "the property $name" 'see those that there are with systemctl show UNIT'
  done
}

show_all() {
  local unit first=1 outcome=0
  (( ${#words[@]} > 1 )) || { manager_properties | chosen; return; }
  for unit in "${units[@]}"; do
    [[ $first ]] || echo
    first=
    properties "$unit" | chosen || outcome=1
  done
  return $outcome
}

dot() {
  REPLY=○
  [[ $ActiveState != @(active|reloading) ]] || REPLY=●
  [[ $ActiveState != failed ]] || REPLY=×
}

status() {
  if ! exists "$1"; then echo "Unit $1 could not be found." >&2; return 4; fi
  read_state "$1"
  read_unit "$1"
  dot
  printf '%s %s - %s\n' "$REPLY" "$1" "${Description:-$1}"
  if is_masked "$1"; then printf '     Loaded: masked (Reason: Unit %s is masked.)\n' "$1"
  else fragment "$1"; printf '     Loaded: loaded (%s; %s; preset: ignored)\n' "$REPLY" "$(enabled "$1")"; fi
  printf '     Active: %s (%s)%s\n' "$ActiveState" "$([[ $ActiveState == failed ]] && echo "Result: $Result" || echo "$SubState")" \
    "$([[ $Since == 0 ]] || echo " since $(time_of "$Since")")"
  (( MainPID == 0 )) || printf '   Main PID: %s (%s)\n' "$MainPID" "$(cat "/proc/$MainPID/comm" 2>/dev/null)"
  if [[ $lines != 0 && -e $run/units/$1/log ]]; then echo; journalctl -q -u "$1" -n "$lines" -o "$output" --no-pager; fi
  [[ $ActiveState == @(active|activating|reloading) ]] || return 3
}

status_all() {
  local unit outcome=0 first=1
  for unit in "${units[@]}"; do
    [[ $first ]] || echo
    first=
    status "$unit" || { local code=$?; (( outcome )) || outcome=$code; }
  done
  return $outcome
}

contents() {
  [[ ! $printed ]] || echo
  printed=1
  [[ $1 != *.target ]] || { printf '# %s is a target of NixOS\n' "$1"; return; }
  fragment "$1" || { echo "No files found for $1." >&2; return 1; }
  printf '# %s\n%s\n' "$REPLY" "$(<"$REPLY")"
}

show_environment() { env -i NXC_ETC="$etc" bash -c '. "$NXC_ETC/environment"; unset NXC_ETC SHLVL PWD OLDPWD _; env' | grep -v '^_=' | sort; }
