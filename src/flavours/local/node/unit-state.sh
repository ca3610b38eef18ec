# What a unit is doing, as supervise.sh writes it to $NXC_RUN/units/UNIT/state; sourced by whoever waits for units.

# A pipe that nobody writes to: reading it with a time limit is sleeping without a process.
exec 6<> <(:)
pause() { read -r -t "$1" -u 6; }

# Sets ActiveState, SubState, Result … of unit $1.
unit_state() {
  ActiveState=inactive SubState=dead Result=success MainPID=0 ExecMainStatus=0 ExecMainCode=0 NRestarts=0 Since=0 Changed=0 InvocationID= Reloads=0 ReloadResult=success Supervisor=0
  local state tries
  [[ -e $NXC_RUN/units/$1/state ]] || return
  # Empty while it is being written; for longer only on a full disk.
  for (( tries = 0; tries < 200; tries++ )); do
    IFS= read -r -d '' state <"$NXC_RUN/units/$1/state"
    [[ ! $state ]] || { eval "$state"; return; }
    pause 0.001
  done
  ActiveState=failed SubState=failed Result=resources
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
