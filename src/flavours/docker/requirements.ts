import { release } from 'node:os';
import { NxcError } from '../../errors.js';
import { programVersion } from '../../process/program-version.js';
import type { Requirement } from '../flavour.js';
import { findCompose, howToGetCompose } from './compose.js';
import { engineAt } from './engine/engine.js';
import { engineSocket } from './engine/socket.js';

/** What this machine offers for the flavour, each with how to get it. */
export async function requirements(): Promise<Requirement[]> {
  const [engine, docker, compose, nix] = await Promise.all([
    engineRequirement(),
    programVersion('docker', process.env),
    findCompose(),
    programVersion('nix', process.env),
  ]);
  return [
    engine,
    {
      name: 'compose',
      ok: compose !== undefined,
      detail: compose ? `${compose.argv.join(' ')} ${compose.version}` : howToGetCompose,
      needed: true,
    },
    {
      name: 'docker',
      ok: docker !== undefined,
      detail: docker ?? 'install docker.io or docker-ce-cli: without it `nxc connect` does not work',
      needed: false,
    },
    {
      name: 'nix',
      ok: nix !== undefined,
      detail: nix ?? 'only `nxc build` needs it: nixos.org/download',
      needed: false,
    },
  ];
}

async function engineRequirement(): Promise<Requirement> {
  const name = 'Docker engine';
  try {
    const socket = engineSocket();
    const { Version, KernelVersion } = await engineAt(socket).get<{ Version: string; KernelVersion: string }>(
      '/version',
      { timeoutMs: 5000 },
    );
    if (KernelVersion === release())
      return { name, ok: true, detail: `${Version} at ${socket}`, needed: true };
    const detail = `${Version} at ${socket} runs in a virtual machine (Docker Desktop?); it must run on this kernel, whose files nodes see`;
    return { name, ok: false, detail, needed: true };
  } catch (error) {
    if (!(error instanceof NxcError)) throw error;
    const { asked, todo } = error.parts;
    return { name, ok: false, detail: `${asked.replace('the Docker engine', 'it')}: ${todo}`, needed: true };
  }
}
