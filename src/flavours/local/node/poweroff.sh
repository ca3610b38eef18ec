#!/usr/bin/env bash
# poweroff, halt, reboot and shutdown of a node, by the name that they are called by.
case ${0##*/} in
  shutdown)
    # Of its times this knows the one that scripts ask for.
    verb=poweroff
    for word; do
      case $word in
        -r | --reboot) verb=reboot ;;
        -h | -P | --poweroff | now | +0) ;;
        -H | --halt) verb=halt ;;
        *) echo "shutdown: nodes of flavour local go off at once or not at all: shutdown now" >&2; exit 1 ;;
      esac
    done
    ;;
  *) verb=${0##*/} ;;
esac
exec systemctl "$verb"
