import type { Deployment } from '../deployment/deployment.js';

/** Shell functions of a resumed script. `trap` keeps the saving of the state in front of an EXIT trap that the script sets itself. */
const functions = [
  // In a subshell nothing is kept: its folder and variables end with it.
  `__nxc_keep() { local status=$?; [ "$BASHPID" != "$$" ] || (umask 077; { export -p; printf "cd -- %q || true\\n" "$PWD"; } > "$__nxc_state.$$" && mv -f -- "$__nxc_state.$$" "$__nxc_state") || true; return $status; }`,
  `trap() { local status=0 now; builtin trap "$@" || status=$?; now=$(builtin trap -p EXIT); [[ $now == *__nxc_keep* ]] || { eval "set -- $now"; builtin trap "__nxc_keep\${3:+; $3}" EXIT; }; return $status; }`,
];

/**
 * Makes a bash script begin where the last one of the same session on this node ended: its working directory and its
 * exported variables, kept in a file on the node, and the `status` that it ended with. The wrapping adds no line before the script's first, so that bash's
 * line numbers stay those of the person's text. A script that is killed leaves the state as it was.
 */
export function resumeShell(
  script: string,
  {
    deployment,
    node,
    session,
    status = 0,
  }: { deployment: Deployment; node: string; session: string; status?: number },
): string {
  // NXC_RUN is the node's own folder where nodes share the host's files; elsewhere /tmp is its own.
  const name = `.nxc-${session}-${deployment.record['x-nxc'].run}-${node}`;
  return [
    `__nxc_state="\${NXC_RUN:-/tmp}/${name}-$UID"`,
    'if [ -O "$__nxc_state" ]; then . "$__nxc_state"; fi',
    ...functions,
    'builtin trap __nxc_keep EXIT',
    ...(status === 0 ? [] : [`(exit ${status})`]),
    script,
  ].join('; ');
}
