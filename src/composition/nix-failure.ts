import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NxcError } from '../errors.js';
import { NixFailed, NixUnavailable } from '../nix-cli/errors.js';
import { installedNix } from '../nix-cli/find.js';
import { derivationName, type NixProgress } from '../nix-cli/progress.js';
import { repositoryOf, untracked, untrackedError } from './repository.js';
import { resolveStorePath } from './store.js';

/** Nix names the sources that it reads by where it copied them to (below the home of a rootless store), or by the flake they are of. */
const SOURCE = /(?:\/[^\s:'"]*)?\/nix\/store\/[0-9a-z]{32}-source(?=[\s:'"/]|$)|«(?:git\+file|path):[^»]*»/g;
const SOURCE_FILE = new RegExp(`(${SOURCE.source})(/[^\\s:'"]*)`, 'g');

const HINT = "(use '--show-trace' to show detailed location information)";

/** Whether the flake has nothing of the name that was asked for. */
export const isMissingOutput = ({ errors }: NixProgress): boolean =>
  errors.some(({ text }) => /does not provide attribute/.test(text));

/** What Nix said of a build that failed, as an error that a person can act on. `what` was to be built. */
export async function explainFailure(
  what: string,
  directory: string,
  progress: NixProgress,
): Promise<NxcError> {
  const texts = progress.errors.map(({ text }) => withoutPrefix(text));
  const unseen = await unseenFile(texts, directory);
  if (unseen) return untrackedError(directory, [unseen]);
  const messages = texts.filter(text => text !== HINT).map(text => inProject(text, directory));
  const traceHelps = messages.length < texts.length;
  return (
    tooOld([...messages, ...progress.text]) ??
    failedBuild(what, messages, progress) ??
    wrongSystem(what, messages) ??
    failedProgram(messages, progress.text) ??
    new NixFailed({
      asked: messages[0] ?? `Nix cannot build ${what}`,
      found: messages.length > 0 ? messages.slice(1).join('\n') : progress.text.join('\n'),
      ...(traceHelps ? { todo: 'how it came there: nxc build --show-trace' } : {}),
    })
  );
}

/** Flakes came with Nix 2.4; what is said of an option that is not known is plain text there. */
function tooOld(said: readonly string[]): NixUnavailable | undefined {
  const line = said.find(text =>
    /unrecogni[sz]ed flag '--extra-experimental-features'|'build' is not a recogni[sz]ed command/.test(text),
  );
  return line === undefined
    ? undefined
    : new NixUnavailable({
        asked: `${installedNix() ?? 'nix'} is too old: it has no flakes`,
        found: line,
        todo: 'install Nix 2.8 or newer: nxc helper install-nix --force',
      });
}

function failedBuild(
  what: string,
  messages: readonly string[],
  { activities }: NixProgress,
): NixFailed | undefined {
  for (const message of messages) {
    const derivation = message.match(/'(\/nix\/store\/[^']*\.drv)'/)?.[1];
    const log = derivation === undefined ? undefined : activities.logOf(derivation);
    if (derivation === undefined || !log) continue;
    return new NixFailed({
      asked: `${what} cannot be built: ${derivationName(derivation)} failed`,
      found: [reason(message), ...log.map(line => `  │ ${line}`)].join('\n'),
      todo: `the whole log: nix log ${derivation}`,
    });
  }
  return undefined;
}

/** Nix's words without the last lines of the log, which we have longer. Since 2.29 they are in a line of their own. */
const reason = (message: string): string =>
  (message.match(/^ *Reason: (.*)/m)?.[1] ?? message.split('\n')[0]!).replace(/^build of|;$/g, '');

function wrongSystem(what: string, messages: readonly string[]): NixFailed | undefined {
  for (const message of messages) {
    const [, wanted, derivation, have] =
      message.match(/'([\w-]+)' with features .* is required to build '([^']*)', but I am a '([\w-]+)'/) ??
      message.match(/Required system: '([\w-]+)'[\s\S]*?()Current system: '([\w-]+)'/) ??
      [];
    if (!wanted || wanted === have) continue;
    return new NixFailed({
      asked: `${what} is for another system than this machine`,
      found: `${derivation ? `${derivationName(derivation)} is built` : 'it is built'} on ${wanted}, this is ${have}`,
      todo: `build it for ${have} (flake.nix), or on a ${wanted} that Nix knows as a remote builder`,
    });
  }
  return undefined;
}

/** What Nix calls, git above all, gives its reason in plain lines: without them the failure says nothing. */
function failedProgram(messages: readonly string[], said: readonly string[]): NixFailed | undefined {
  const failed = messages.find(text => /^program '[^']*' failed/.test(text));
  if (failed === undefined || said.length === 0) return undefined;
  const reason = said.slice(-5).join('\n');
  const offline = /could not resolve host|unable to access|timed out|network is unreachable/i.test(reason);
  return new NixFailed({
    asked: failed,
    found: reason,
    todo: offline
      ? 'Nix fetches the inputs of flake.nix once: build where this machine reaches them; the flavour local needs none'
      : 'how it came there: nxc build --show-trace',
  });
}

/** Nix indents what follows the first line as far as its `error: ` is long. */
const withoutPrefix = (text: string): string => text.replace(/^error:\s*/, '').replaceAll('\n       ', '\n');

/** The message with the user's own files in it, where Nix names its copies of them. */
function inProject(message: string, directory: string): string {
  const root = repositoryOf(directory) ?? directory;
  return message.replace(SOURCE_FILE, (text, source: string, file: string) =>
    isCopy(join(root, file), source, file) ? join(root, file) : text,
  );
}

/** Sources of inputs lie in the store under the same name: ours are those with the same content. */
function isCopy(file: string, source: string, inside: string): boolean {
  if (source.startsWith('«')) return existsSync(file);
  try {
    return readFileSync(file).equals(readFileSync(resolveStorePath(source + inside)));
  } catch {
    return false;
  }
}

/** A file that Nix missed, that is in the project, and that git does not track. */
async function unseenFile(messages: readonly string[], directory: string): Promise<string | undefined> {
  const root = repositoryOf(directory);
  if (!root) return undefined;
  const missed = messages
    .filter(text => /No such file or directory|does not exist|is not tracked by Git/i.test(text))
    .flatMap(text => [
      ...[...text.matchAll(SOURCE_FILE)].map(([, , file]) => join(root, file!)),
      ...[...text.matchAll(/[Pp]ath '([^'/][^']*)' in the repository/g)].map(([, file]) => join(root, file!)),
    ]);
  return (await untracked(directory, missed))[0];
}
