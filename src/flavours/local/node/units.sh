# The units of a node, as init sees them: what starts at boot, and what systemctl asks for.
# $NXC_ETC/units/UNIT/ says what a unit is, $NXC_RUN/units/UNIT/ holds its state and its log.
. "$NXC_LIB/unit-state.sh"
. "$NXC_LIB/unit-files.sh"
. "$NXC_LIB/become.sh"
. "$NXC_LIB/supervise.sh"

units_boot() {
  local unit limit
  boot_units
  for unit in "${units[@]}"; do
    echo 'ActiveState=activating SubState=waiting' >"$NXC_RUN/units/$unit/state"
  done
  [[ ! -s $NXC_ETC/boot-commands ]] || bash "$NXC_ETC/boot-commands" >>"$NXC_RUN/boot.log" 2>&1 </dev/null
  for unit in "${units[@]}"; do supervise "$unit" 8>&- & done
  # A unit that takes long to start does not hold up the deployment.
  limit=$((SECONDS + 5))
  for unit in "${units[@]}"; do
    while unit_state "$unit"; [[ $ActiveState/$SubState == activating/* && $SubState != auto-restart ]]; do
      (( SECONDS < limit )) || break 2
      pause 0.01
    done
  done
  : >"$NXC_RUN/booted"
}

# What systemctl wrote to the control FIFO: verb $1, unit $2. It watches the unit's state for the outcome.
units_request() {
  local unit
  local folder
  unit_folder "$2" || return
  unit_state "$2"
  case $1 in
    start)
      # Asked for by whoever marked it, else while it stops.
      if [[ $ActiveState != activating ]] || (( Supervisor != 0 )); then
        while [[ $ActiveState == deactivating ]]; do pause 0.01; unit_state "$2"; done
        mark_start "$2" || return
      fi
      ( . "$folder/unit"
        for unit in "${Requires[@]}" "${Wants[@]}"; do
          [[ -d $NXC_ETC/units/$unit ]] || continue
          # Before this unit looks whether what it comes after is about to start.
          ! mark_start "$unit" || printf 'unit start %s\n' "$unit" >"$NXC_RUN/control"
        done )
      supervise "$2"
      ;;
    restart)
      # Nobody waits for it, and so it is done here: to the end, although a stop takes its time.
      end_unit "$2"
      ! mark_start "$2" || units_request start "$2"
      ;;
    stop) end_unit "$2" ;;
    reload) (( Supervisor == 0 )) || kill -USR2 "$Supervisor" 2>/dev/null ;;
  esac
}

# Stops what unit $1 is now. A signal that comes while bash begins a wait is seen after it, so that one is not enough.
end_unit() {
  local asked=
  while unit_state "$1"; [[ $ActiveState != @(inactive|failed) ]]; do
    if (( Supervisor != 0 )); then
      asked=${asked:-$Supervisor}
      (( asked == Supervisor )) || return
      [[ $ActiveState == deactivating ]] || kill -USR1 "$Supervisor" 2>/dev/null || return
    fi
    pause 0.02
  done
}

# Stops every unit, those that come after others first.
units_halt() {
  local unit other After up asked blocked
  local -A after supervisor told
  local services folder
  all_services
  for unit in "${services[@]}"; do
    After=()
    unit_folder "$unit" && . "$folder/unit"
    after[$unit]=" ${After[*]} "
  done
  while :; do
    up=() asked=
    for unit in "${!after[@]}"; do
      unit_state "$unit"
      supervisor[$unit]=$Supervisor
      (( Supervisor == 0 )) || up+=("$unit")
    done
    (( ${#up[@]} )) || return 0
    for unit in "${up[@]}"; do
      blocked=
      for other in "${up[@]}"; do [[ $other == "$unit" || ${after[$other]} != *" $unit "* ]] || blocked=1; done
      [[ ! $blocked ]] || continue
      asked=1
      [[ ${told[$unit]} ]] || kill -USR1 "${supervisor[$unit]}"
      told[$unit]=1
    done
    # Units that come after each other stop together.
    [[ $asked ]] || for unit in "${up[@]}"; do after[$unit]=; done
    pause 0.01
  done
}
