#!/bin/sh
# A program of this node that stands for one of systemd's, by the name that it is called by (tools/main.ts).
# What is for Node programs of the node is not for this one.
unset NODE_OPTIONS
lib=${NXC_ETC:-/etc/nxc}/lib
exec "$lib/node" "$lib/tools.mjs" "${0##*/}" "$@"
