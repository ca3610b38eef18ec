#!/usr/bin/env bash
# journalctl of a node: the logs of its units, in the order of time.
run=${NXC_RUN:-/run/nxc}
units=() follow= lines= format=short

while (( $# )); do
  case $1 in
    -u | --unit) shift; units+=("$1") ;;
    -u*) units+=("${1#-u}") ;;
    --unit=*) units+=("${1#*=}") ;;
    -xeu) shift; units+=("$1") ;;
    -n | --lines) shift; lines=$1 ;;
    -n*) lines=${1#-n} ;;
    --lines=*) lines=${1#*=} ;;
    -f | --follow) follow=1 ;;
    -o | --output) shift; format=$1 ;;
    -o*) format=${1#-o} ;;
    --output=*) format=${1#*=} ;;
    -t | --identifier | -p | --priority | -S | --since | -U | --until) shift ;;
  esac
  shift
done
if (( ${#units[@]} == 0 )); then
  for folder in "$run"/units/*/; do folder=${folder%/}; units+=("${folder##*/}"); done
fi

# Lines as `TIME UNIT TEXT`.
all() {
  local unit file
  for unit in "${units[@]}"; do
    [[ $unit == *.* ]] || unit=$unit.service
    for file in "$run/units/$unit/log.1" "$run/units/$unit/log"; do
      [[ ! -e $file ]] || sed "s/ / ${unit%.service} /" "$file"
    done
  done | sort -s -k1,1
}

show() {
  local time unit text host=${HOSTNAME:-node}
  while IFS= read -r text || [[ $text ]]; do
    time=${text%% *} text=${text#* }
    unit=${text%% *} text=${text#* }
    case $format in
      cat) printf '%s\n' "$text" ;;
      short-iso | short-iso-precise) printf '%s %s %s: %s\n' "$time" "$host" "$unit" "$text" ;;
      *) printf '%s %s %s: %s\n' "${time:0:19}" "$host" "$unit" "$text" ;;
    esac
  done
}

if [[ $follow ]]; then
  all | tail -n "${lines:-10}" | show
  for unit in "${units[@]}"; do
    [[ $unit == *.* ]] || unit=$unit.service
    tail -n 0 -F "$run/units/$unit/log" 2>/dev/null | sed -u "s/ / ${unit%.service} /" | show &
  done
  wait
elif [[ $lines && $lines != all ]]; then
  all | tail -n "$lines" | show
else
  all | show
fi
outcome=$?
# Whoever reads may have seen enough, as `| head` and `| grep -q` do; with pipefail it would be a failure.
(( outcome == 141 )) || exit $outcome
