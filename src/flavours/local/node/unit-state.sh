# What a unit is doing, as supervise.sh writes it to $NXC_RUN/units/UNIT/state; sourced by whoever waits for units.

# A pipe that nobody writes to: reading it with a time limit is sleeping without a process.
exec 6<> <(:)
pause() { read -r -t "$1" -u 6; }

# Sets ActiveState, SubState, Result … of unit $1. Job is what its last start came to (done, failed, dependency, canceled), empty until
# that is known: a service that was started may have ended since, and its start has succeeded all the same.
unit_state() {
  ActiveState=inactive SubState=dead Result=success MainPID=0 ExecMainStatus=0 ExecMainCode=0 NRestarts=0 Since=0 Changed=0 InvocationID= Job= Reloads=0 ReloadResult=success Supervisor=0
  local state tries
  [[ -e $NXC_RUN/units/$1/state ]] || return
  # Empty while it is being written; for longer only on a full disk.
  for (( tries = 0; tries < 200; tries++ )); do
    IFS= read -r -d '' state <"$NXC_RUN/units/$1/state"
    [[ ! $state ]] || { eval "$state"; return; }
    pause 0.001
  done
  ActiveState=failed SubState=failed Result=resources Job=failed
}

# Makes unit $1 one that is about to start, which is then to be asked of init; false when it is up or about to be. Whoever may not
# ask hears that from `request`.
mark_start() {
  local folder=$NXC_RUN/units/$1 holder marked=1
  [[ -d $folder ]] || mkdir -p "$folder" 2>/dev/null
  [[ -w $folder ]] || return 0
  set -C
  # Of several that ask at once one finds it down. Whoever was killed in here holds up nobody.
  until { echo "$BASHPID" >"$folder/asking"; } 2>/dev/null; do
    read -r holder <"$folder/asking" && ! kill -0 "$holder" && rm -f "$folder/asking"
    pause 0.002
  done 2>/dev/null
  set +C
  unit_state "$1"
  [[ $ActiveState != @(inactive|failed) ]] || { marked=0; echo 'ActiveState=activating SubState=start' >"$folder/state"; }
  rm -f "$folder/asking"
  return $marked
}

# The processes of the start $1 of a unit, also those that left its process group: they have its INVOCATION_ID.
processes_of() {
  local folder variables
  [[ $1 ]] || return 0
  for folder in /proc/[0-9]*; do
    mapfile -d '' -t variables <"$folder/environ" || continue
    [[ " ${variables[*]} " != *" INVOCATION_ID=$1 "* ]] || echo "${folder#/proc/}"
  done 2>/dev/null
}
