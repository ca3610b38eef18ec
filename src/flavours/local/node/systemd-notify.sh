#!/usr/bin/env bash
# What a service says to its manager. Nobody waits for it here (the build says so), and a unit must not fail of it.
if [[ $1 == --booted || $NXC_UNIT ]]; then exit 0; fi
echo 'No status data could be sent: $NOTIFY_SOCKET was not set' >&2
exit 1
