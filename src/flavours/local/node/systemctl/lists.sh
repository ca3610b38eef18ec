# The lists of systemctl; sourced by it.

# Sets `listed` to the services and targets that the patterns of the command line mean, all without any.
listed() {
  local unit pattern services path
  [[ $verb == list-unit-files ]] && all_services || loaded_services
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

# Prints `rows`, which begin with their mark and have their columns apart by tabs; the first is the head. The last column is not padded.
table() {
  local row column columns widths=() i
  for row in "${rows[@]}"; do
    IFS=$'\t' read -r -a columns <<<"$row"
    for (( i = 1; i < ${#columns[@]} - 1; i++ )); do (( ${#columns[i]} <= widths[i] )) || widths[i]=${#columns[i]}; done
  done
  for row in "${rows[@]:$([[ $legend ]] && echo 0 || echo 1)}"; do
    IFS=$'\t' read -r -a columns <<<"$row"
    printf %s "${columns[0]#.}"
    for (( i = 1; i < ${#columns[@]} - 1; i++ )); do printf '%-*s ' "${widths[i]}" "${columns[i]}"; done
    printf '%s\n' "${columns[i]}"
  done
}

# Prints `rows` as JSON, with the names $@ of their columns.
json() {
  local row columns i text=
  for row in "${rows[@]:1}"; do
    row=${row//\\/\\\\}
    IFS=$'\t' read -r -a columns <<<"${row//\"/\\\"}"
    text+=${text:+,}{
    for (( i = 1; i <= $#; i++ )); do text+=$([[ $i == 1 ]] || echo ,)\"${!i}\":\"${columns[i]}\"; done
    text+=}
  done
  echo "[$text]"
}

# Whether a list is to be JSON; its other formats are of the journal.
as_json() { [[ $output == json* ]]; }

list_units() {
  local listed unit mark blank='.  ' rows=() load
  listed
  [[ ! $plain ]] || blank=.
  rows+=("$blank"$'\tUNIT\tLOAD\tACTIVE\tSUB\tDESCRIPTION')
  for unit in "${listed[@]}"; do
    read_state "$unit"
    read_unit "$unit"
    load=$(load_state "$unit")
    if [[ $states ]]; then [[ ,$states, == *,$ActiveState,* || ,$states, == *,$SubState,* || ,$states, == *,$load,* ]] || continue
    elif [[ ! $all && $ActiveState == inactive ]]; then continue; fi
    mark=$blank
    [[ $ActiveState != failed || $plain ]] || mark='.● '
    rows+=("$mark"$'\t'"$unit"$'\t'"$load"$'\t'"$ActiveState"$'\t'"$SubState"$'\t'"${Description:-$unit}")
  done
  if as_json; then json unit load active sub description; return; fi
  table
  [[ $legend ]] || return 0
  (( ${#rows[@]} == 1 )) || printf '\n%s\n%s\n%s\n' 'LOAD   = Reflects whether the unit definition was properly loaded.' \
    'ACTIVE = The high-level unit activation state, i.e. generalization of SUB.' \
    'SUB    = The low-level unit activation state, values depend on unit type.'
  printf '%s loaded units listed.%s\n' $((${#rows[@]} - 1)) "$([[ $all || $states ]] || echo ' Pass --all to see loaded but inactive units, too.')"
  [[ $states ]] || echo "To show all installed unit files use 'systemctl list-unit-files'."
}

list_unit_files() {
  local listed unit state rows=($'.\tUNIT FILE\tSTATE\tPRESET')
  listed
  for unit in "${listed[@]}"; do
    state=$(enabled "$unit")
    [[ ! $states || ,$states, == *,$state,* ]] || continue
    rows+=($'.\t'"$unit"$'\t'"$state"$'\t'ignored)
  done
  if as_json; then json unit_file state preset; else
    table
    [[ ! $legend ]] || printf '\n%s unit files listed.\n' $((${#rows[@]} - 1))
  fi
  (( ${#rows[@]} > 1 || ${#words[@]} == 1 ))
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
  [[ $found || ! $legend ]] || echo 'No jobs running.'
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
    if [[ $plain ]]; then echo "  $unit"; else printf '%s %s%s%s\n' "$REPLY" "$2" "$last" "$unit"; fi
    [[ $unit == *.target && ! $all ]] || tree "$unit" "$2$([[ $last == └─ ]] && echo '  ' || echo '│ ')" "$3 $unit"
  done
}

list_dependencies() {
  (( ${#units[@]} )) || units=(default.target)
  local unit
  for unit in "${units[@]}"; do
    echo "$unit"
    tree "$unit" '' "$unit"
  done
}
