#!/bin/bash
# hostname(1) of a plain node, which has no name of its own in the kernel.
echo "$NXC_NODE"
