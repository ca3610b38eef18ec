/** systemd has it, and a node of flavour local does not: said with what to do, and the status is not 0. */
export class Refusal extends Error {
  constructor(what: string, todo = 'build for a flavour with NixOS: docker, nspawn or a VM') {
    super(`nodes of flavour local do not have ${what}; ${todo}`);
  }
}
