import type { DeploymentFacts, SourceRevision } from '../../../src/index.js';
import type { Notebook } from '../ipynb/notebook.js';
import { deployments, duration, moment, runFacts, spanOfNotebook } from './facts.js';
import { count, escapeHtml } from './html.js';

type Entry = [name: string, html: string | undefined];

/** The section that tells where the results come from: notebook, deployments, machine, versions. */
export function provenanceHtml(notebook: Notebook, file: string): string {
  const run = runFacts(notebook);
  const span = spanOfNotebook(notebook);
  const groups = [
    group('Notebook', [
      ['File', code(run?.notebook ?? file)],
      ['Started', span && escapeHtml(moment(span.start))],
      ['Ended', span && `${escapeHtml(moment(span.end))} (${duration(span)})`],
      ['Parameters', values(run?.parameters ?? {})],
      ['Git revision', revision(run?.git)],
      ['Jupyter server', run?.server && code(run.server)],
    ]),
    ...deployments(notebook).map(deploymentGroup),
    group('Machine', [
      ['Host', run && escapeHtml(run.host.name)],
      ['System', run && escapeHtml(`${run.host.system}, ${run.host.architecture}`)],
      [
        'Resources',
        run &&
          `${count(run.host.processors, 'processor')}, ${(run.host.memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`,
      ],
    ]),
    group(
      'Versions',
      Object.entries(run?.versions ?? {}).map(([name, version]) => [name, code(version)]),
    ),
  ];
  const lack = run
    ? ''
    : '<p class="lack">Run the notebook with <code>nxc run</code> to have the machine, versions and revisions recorded here.</p>';
  return `<section id="provenance" aria-labelledby="provenance-title"><h2 id="provenance-title">Provenance</h2>${lack}<div class="groups">${groups.join('')}</div></section>`;
}

function deploymentGroup(facts: DeploymentFacts): string {
  return group(`Deployment ${facts.run}`, [
    ['Composition', code(facts.composition)],
    ['Composition hash', facts.hash ? `<code class="hash">${escapeHtml(facts.hash)}</code>` : undefined],
    ['Flavour', code(facts.flavour)],
    [count(facts.nodes.length, 'node'), nodes(facts.nodes)],
    ['Parameters', values(facts.parameters ?? {})],
    ['Setup variant', facts.setup?.variant && code(facts.setup.variant)],
    ['Setup parameters', values(facts.setup?.params ?? {})],
    ['Started', `${escapeHtml(moment(new Date(facts.started)))} by ${escapeHtml(facts.owner)}`],
    ['Project', code(facts.project)],
    ['Git revision', revision(facts.git)],
    ...(facts.inputs ?? []).map(
      (input): Entry => [
        `Flake input ${input.name}`,
        `${code(input.source)} ${input.revision ? `<code class="hash">${escapeHtml(input.revision)}</code>` : ''} ${escapeHtml(input.modified ?? '')}`,
      ],
    ),
  ]);
}

function group(title: string, entries: Entry[]): string {
  const known = entries.filter(([, html]) => html);
  if (!known.length) return '';
  const list = known
    .map(([name, html]) => `<div><dt>${escapeHtml(name)}</dt><dd>${html}</dd></div>`)
    .join('');
  return `<section class="group"><h3>${escapeHtml(title)}</h3><dl>${list}</dl></section>`;
}

/** Many nodes of a role are told as one range: reading 300 names helps nobody. */
function nodes(list: DeploymentFacts['nodes']): string {
  const roles = new Set(list.map(node => node.role));
  return [...roles]
    .map(role => {
      const names = list.filter(node => node.role === role).map(node => node.name);
      const shown = names.length > 8 ? `${names.slice(0, 3).join(', ')} … ${names.at(-1)}` : names.join(', ');
      return `${escapeHtml(shown)} <span class="muted">(role ${escapeHtml(role)}${names.length > 1 ? `, ${names.length}` : ''})</span>`;
    })
    .join('<br>');
}

const values = (parameters: Record<string, unknown>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `<code>${escapeHtml(`${name} = ${JSON.stringify(value)}`)}</code>`)
    .join('<br>');

const revision = (git: SourceRevision | undefined): string | undefined =>
  git &&
  `<code class="hash">${escapeHtml(git.revision)}</code>${git.branch ? ` on ${escapeHtml(git.branch)}` : ''}${git.dirty ? ' <em>with uncommitted changes</em>' : ''}`;

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
