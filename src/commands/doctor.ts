import { Table } from '../display/table.js';
import type { Requirement } from '../flavours/flavour.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';
import { programVersion } from '../process/program-version.js';
import type { Command } from './command.js';

export const doctor: Command = {
  name: 'doctor',
  summary: 'show what this machine offers, flavour by flavour',
  async run(_args, _options, { workspace, display, front }) {
    const python = await programVersion('python3', workspace.env);
    const general: Requirement[] = [
      nodeVersion(),
      {
        name: 'python3',
        ok: python !== undefined,
        detail: python ?? 'install python3: without it test scripts (nxc driver) cannot run',
        needed: false,
      },
    ];
    display.show(report('this program', general));
    let works = 0;
    for (const name of flavourNames()) {
      const flavour = await loadFlavour(name);
      const requirements = await flavour.requirements();
      if (requirements.every(({ ok, needed }) => ok || !needed)) works++;
      if (front === 'terminal') display.write('\n');
      display.show(report(`flavour ${name}: ${flavour.description}`, requirements));
    }
    if (front === 'terminal') display.write('\n');
    display.write('Records of deployments are in the folder deploy/ of each project.\n');
    return works > 0 && general.every(({ ok, needed }) => ok || !needed) ? 0 : 1;
  },
};

function report(title: string, requirements: readonly Requirement[]): Table {
  return new Table(
    requirements.map(({ name, ok, needed, detail }) => ({
      requirement: name,
      state: ok ? '✔' : needed ? '✘ missing' : '· optional, not found',
      detail,
    })),
    { title, whole: ['detail'] },
  );
}

function nodeVersion(): Requirement {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'Node',
    ok,
    detail: ok ? process.version : `${process.version}; 20.19 or newer is needed`,
    needed: true,
  };
}
