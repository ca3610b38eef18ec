# The units of a node by their files; sourced by init and by systemctl. $NXC_ETC/units/UNIT/ is what the composition says of a
# unit, $NXC_RUN/transient/UNIT/ what systemd-run does; $NXC_RUN/enablement/UNIT holds what systemctl changed: enabled, disabled, masked.

targets='basic.target default.target getty.target graphical.target local-fs-pre.target local-fs.target multi-user.target network-online.target
 network-pre.target network.target nss-lookup.target nss-user-lookup.target paths.target remote-fs-pre.target remote-fs.target slices.target
 sockets.target swap.target sysinit.target time-set.target time-sync.target timers.target'
# Also there, and never reached while a node runs.
other_targets='emergency.target final.target halt.target poweroff.target reboot.target rescue.target shutdown.target umount.target'

# Sets `folder` to that of unit $1; false when there is none.
unit_folder() {
  folder=$NXC_RUN/transient/$1
  [[ -e $folder/unit ]] && return
  folder=$NXC_ETC/units/$1
  [[ -e $folder/unit ]]
}

# Sets REPLY to the file of unit $1 that is for people (unit-fragment.ts); false when there is none.
fragment() {
  REPLY=$NXC_RUN/transient/$1/$1
  [[ -e $REPLY ]] && return
  REPLY=${NXC_ETC%/nxc}/systemd/system/$1
  [[ -e $NXC_ETC/units/$1/unit && -e $REPLY ]]
}

exists() {
  local folder
  [[ $1 == *.target ]] || { unit_folder "$1"; return; }
  [[ " $targets $other_targets " == *[[:space:]]"$1"[[:space:]]* ]] || grep -qs "['\" (]$1['\" )]" "$NXC_ETC"/units/*/unit
}

# Sets `services` to the names of all services.
all_services() {
  local path
  services=()
  for path in "$NXC_ETC"/units/*/unit "$NXC_RUN"/transient/*/unit; do
    [[ -e $path ]] || continue
    path=${path%/unit}
    services+=("${path##*/}")
  done
}

enablement() { REPLY=; [[ ! -e $NXC_RUN/enablement/$1 ]] || read -r REPLY <"$NXC_RUN/enablement/$1"; }

is_masked() { enablement "$1"; [[ $REPLY == masked* ]]; }

# Sets `units` to what starts at boot.
boot_units() {
  local unit
  mapfile -t units <"$NXC_ETC/units/boot"
  [[ -d $NXC_RUN/enablement ]] || return 0
  local kept=()
  for unit in "${units[@]}"; do enablement "$unit"; [[ $REPLY == @(disabled|masked*) ]] || kept+=("$unit"); done
  for unit in "$NXC_RUN"/enablement/*; do
    [[ -e $unit ]] || continue
    unit=${unit##*/}
    enablement "$unit"
    [[ $REPLY != enabled || " ${kept[*]} " == *" $unit "* ]] || kept+=("$unit")
  done
  units=("${kept[@]}")
}
