#!/usr/bin/env node
/** The `nxc` executable. */
export {};
