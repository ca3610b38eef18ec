import type { Deployment } from '../deployment/deployment.js';

/**
 * Makes a bash script begin where the last one of the same session on this node ended: its working directory and its
 * exported variables, kept in a file on the node. The wrapping adds no line before the script's first, so that bash's
 * line numbers stay those of the person's text. A script that sets its own EXIT trap or is killed leaves the state as it was.
 */
export function resumeShell(
  script: string,
  { deployment, node, session }: { deployment: Deployment; node: string; session: string },
): string {
  // NXC_RUN is the node's own folder where nodes share the host's files; elsewhere /tmp is its own.
  const name = `.nxc-${session}-${deployment.record['x-nxc'].run}-${node}`;
  return [
    `__nxc_state="\${NXC_RUN:-/tmp}/${name}-$UID"`,
    'if [ -O "$__nxc_state" ]; then . "$__nxc_state"; fi',
    `trap '__nxc_status=$?; (umask 077; { export -p; printf "cd -- %q || true\\n" "$PWD"; } > "$__nxc_state.$$" && mv -f -- "$__nxc_state.$$" "$__nxc_state"); exit $__nxc_status' EXIT`,
    script,
  ].join('; ');
}
