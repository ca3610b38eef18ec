import { abilities } from './abilities.js';
import { signature } from './calls.js';
import { chapters, type Method } from './methods.js';
import { snakeCase } from './naming.js';
import { symbols } from './symbols.js';

/** The reference page, as Markdown: every method of a machine and every word of scripts, in both languages, from the tables. */
export function reference(): string {
  const parts = [
    intro,
    ...chapters.flatMap(({ title, methods }) => [
      `## ${title}`,
      ...needsOf(methods),
      ...methods.map((method: Method) => entry(method)),
    ]),
    '## Words beside the machines',
    ...symbols.map(({ doc, typescript, python }) =>
      [
        ...(typescript === undefined ? [] : [code('ts', typescript.replaceAll(/^declare /gm, ''))]),
        ...(python === undefined ? [] : [code('python', python)]),
        doc,
      ].join('\n\n'),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What all methods of a chapter need is said once. */
function needsOf(methods: readonly Method[]): string[] {
  const needs = [...new Set(methods.flatMap(method => method.needs ?? []))];
  return needs.map(
    need =>
      `${list(methods.filter(method => method.needs === need))}: for nodes that have ${abilities[need].what}. On another flavour the error says which flavours' nodes have it.`,
  );
}

const list = (methods: readonly Method[]): string => methods.map(({ name }) => `\`${name}\``).join(', ');

function entry(method: Method): string {
  const aliases = method.aliases ?? [];
  return [
    `### ${method.name}`,
    [code('ts', signature(method)), code('python', inPython(method))].join('\n\n'),
    aliases.length > 0
      ? `${method.doc} Also called ${aliases.map(name => `\`${name}\``).join(', ')}.`
      : method.doc,
    ...(method.parameters.length > 0
      ? [method.parameters.map(({ name, doc }) => `- \`${name}\`: ${doc}`).join('\n')]
      : []),
  ].join('\n\n');
}

/** `wait_for_unit(unit, user=None, timeout=900)` */
function inPython({ name, parameters }: Method): string {
  const given = parameters.map(one => {
    const word = snakeCase(one.name);
    if (one.variadic) return `*${word}`;
    return one.option || one.default !== undefined ? `${word}=${literal(one.default)}` : word;
  });
  return `${snakeCase(name)}(${given.join(', ')})`;
}

function literal(value: string | number | boolean | undefined): string {
  if (value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}

const code = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

const intro = `# The driver

What machines can do in a notebook's TypeScript and in Python test scripts, in the vocabulary of the NixOS test driver.
This page is made from the driver's tables: \`nxc driver --reference > src/driver/REFERENCE.md\`.

Times are in seconds, in Python also a timedelta. In TypeScript what stands behind \`options\` is an object, in Python keywords. A method of \`nodes\`
(TypeScript) or \`machines\` (Python) runs on all of them at once and gives a list in their order; when some fail, the error names the
good and the bad. What was asserted and is not so is an \`AssertionFailed\` (Python: \`RequestedAssertionFailed\`); a machine that cannot be
reached is a \`TransportError\` (\`MachineError\`). Of several machines these are \`PartialFailure\` and \`PartialOutage\`.

A command's result has \`node\`, \`command\`, \`status\`, \`stdout\`, \`stderr\`, \`startedAt\`, \`durationMs\`, \`timedOut\`, \`signal\`,
\`droppedBytes\` and \`stdoutBytes\` (Python: \`started_at\` and so on) and is also the tuple (status, stdout). A command that runs out of
time is killed with all its processes, its status is -1, and what it wrote is there. Of long output the newest 16 MiB of each stream
are kept; \`droppedBytes\` says how much was not, and \`toFile\` takes all of it.`;
