import { asJob } from '../jobs/as-job.js';
import type { JobContext } from '../jobs/job.js';
import { askNix } from '../nix-cli/ask.js';
import { nearest } from '../suggest.js';
import { ProjectError } from './errors.js';
import { explainFailure, isMissingOutput } from './nix-failure.js';
import { resolveStorePath } from './store.js';
import { readFolder, type TemplateFiles } from './templates.js';

/** A template in a flake, as people name it: `FLAKE#name`. */
export interface TemplateReference {
  flake: string;
  name: string;
}

interface FlakeTemplate {
  /** Store path of its folder. */
  path: string;
  description: string;
}

/** Undefined for what is no flake reference, but the name of one of our own templates. */
export function parseTemplateReference(text: string): TemplateReference | undefined {
  const at = text.indexOf('#');
  if (at >= 0) return { flake: text.slice(0, at) || '.', name: text.slice(at + 1) || 'default' };
  return /[:/]|^\.+$/.test(text) ? { flake: text, name: 'default' } : undefined;
}

/** Name → description. */
export async function listFlakeTemplates(
  flake: string,
  cwd: string,
  jobs: JobContext,
): Promise<Record<string, string>> {
  const found = await templatesOf(flake, cwd, jobs);
  return Object.fromEntries(Object.entries(found).map(([name, { description }]) => [name, description]));
}

/** The files of a flake's template. Read by us, since `nix flake new` of older versions finds no template in a rootless store. */
export async function readFlakeTemplate(
  { flake, name }: TemplateReference,
  cwd: string,
  jobs: JobContext,
): Promise<TemplateFiles> {
  const all = await templatesOf(flake, cwd, jobs);
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found) return readFolder(resolveStorePath(found.path));
  throw new ProjectError({
    asked: `the flake ${flake} has no template "${name}"`,
    nearest: nearest(name, Object.keys(all)),
    found: `templates are ${Object.keys(all).join(', ')}`,
  });
}

const TEMPLATES = `builtins.mapAttrs (name: template: {
  path = "\${template.path}";
  description = template.description or "";
})`;

function templatesOf(flake: string, cwd: string, jobs: JobContext): Promise<Record<string, FlakeTemplate>> {
  return asJob(`templates of ${flake}`, jobs, async job => {
    const words = ['eval', '--json', `${flake}#templates`, '--apply', TEMPLATES];
    const { status, stdout, progress } = await askNix(words, { cwd, job, jobs });
    if (status !== 0) {
      if (!isMissingOutput(progress)) throw await explainFailure(`templates of ${flake}`, cwd, progress);
      throw new ProjectError({ asked: `the flake ${flake} has no templates` });
    }
    const templates = JSON.parse(stdout) as Record<string, FlakeTemplate>;
    job.finish(Object.keys(templates).join(', '));
    return templates;
  });
}
