#!/bin/bash
# getent(1) of a plain node: knows the deployment's nodes besides what this machine knows.
if [[ $1 == hosts || $1 == ahosts* ]]; then
  while read -r address name; do
    [[ $name != "$2" ]] || { printf '%-15s %s\n' "$address" "$name"; exit 0; }
  done <"$NXC_ETC/deployment-hosts"
fi
PATH=/usr/bin:/bin exec getent "$@"
