# The lists of systemctl; sourced by it.

# Sets `listed` to the services and targets that the patterns of the command line mean, all without any.
listed() {
  local unit pattern services path
  all_services
  listed=()
  for unit in "${services[@]}" $targets; do
    [[ ! $types || ,$types, == *,${unit##*.},* ]] || continue
    if (( ${#words[@]} > 1 )); then
      for pattern in "${words[@]:1}"; do
        mangled "$pattern"
        # shellcheck disable=SC2053
        [[ $unit != $REPLY ]] || { listed+=("$unit"); break; }
      done
    else listed+=("$unit"); fi
  done
}

list_units() {
  local listed unit mark count=0 format='%s%-28s %-6s %-10s %-12s %s\n'
  listed
  mark='  '
  [[ ! $plain ]] || mark=
  [[ ! $legend ]] || printf "$format" "$mark" UNIT LOAD ACTIVE SUB DESCRIPTION
  for unit in "${listed[@]}"; do
    read_state "$unit"
    read_unit "$unit"
    if [[ $states ]]; then [[ ,$states, == *,$ActiveState,* || ,$states, == *,$SubState,* || ,$states, == *,loaded,* ]] || continue
    elif [[ ! $all && $ActiveState == inactive ]]; then continue; fi
    mark='  '
    [[ $ActiveState != failed ]] || mark='● '
    [[ ! $plain ]] || mark=
    printf "$format" "$mark" "$unit" "$(load_state "$unit")" "$ActiveState" "$SubState" "${Description:-$unit}"
    ((count++))
  done
  [[ ! $legend ]] || printf '\n%s loaded units listed.\n' "$count"
}

list_unit_files() {
  local listed unit state count=0
  listed
  [[ ! $legend ]] || printf '%-28s %-10s %s\n' 'UNIT FILE' STATE PRESET
  for unit in "${listed[@]}"; do
    state=$(enabled "$unit")
    [[ ! $states || ,$states, == *,$state,* ]] || continue
    printf '%-28s %-10s %s\n' "$unit" "$state" -
    ((count++))
  done
  [[ ! $legend ]] || printf '\n%s unit files listed.\n' "$count"
}

list_jobs() {
  local services unit found= kind
  all_services
  for unit in "${services[@]}"; do
    read_state "$unit"
    case $ActiveState in activating) kind=start ;; deactivating) kind=stop ;; *) continue ;; esac
    [[ $found || ! $legend ]] || printf '%-6s %-28s %-6s %s\n' JOB UNIT TYPE STATE
    found=1
    printf '%-6s %-28s %-6s %s\n' "$Supervisor" "$unit" "$kind" "$([[ $SubState == waiting ]] && echo waiting || echo running)"
  done
  [[ $found ]] || echo 'No jobs running.'
}

# Sets `children` to what unit $1 pulls in, or with --reverse what pulls it in.
children() {
  local services unit
  children=()
  if [[ $1 == *.target && ! $reverse ]]; then
    all_services
    for unit in "${services[@]}"; do
      read_unit "$unit"
      [[ " ${WantedBy[*]} " != *" $1 "* ]] || children+=("$unit")
    done
    return
  fi
  read_unit "$1"
  if [[ $reverse ]]; then children=("${RequiredBy[@]}" "${WantedBy[@]}"); else children=("${Requires[@]}" "${Wants[@]}"); fi
}

# $1 unit, $2 what stands before its children, $3 units above it.
tree() {
  local children unit i last
  children "$1"
  for (( i = 0; i < ${#children[@]}; i++ )); do
    unit=${children[i]}
    [[ " $3 " != *" $unit "* ]] || continue
    read_state "$unit"
    dot
    last=├─
    (( i < ${#children[@]} - 1 )) || last=└─
    if [[ $plain ]]; then printf '%s %s%s\n' "$REPLY" "$2  " "$unit"; else printf '%s %s%s%s\n' "$REPLY" "$2" "$last" "$unit"; fi
    [[ $unit == *.target && ! $all ]] || tree "$unit" "$2$([[ $plain || $last == └─ ]] && echo '  ' || echo '│ ')" "$3 $unit"
  done
}

list_dependencies() {
  (( ${#units[@]} )) || units=(multi-user.target)
  local unit
  for unit in "${units[@]}"; do
    echo "$unit"
    tree "$unit" '' "$unit"
  done
}
