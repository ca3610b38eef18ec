import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { docker, dockerProject, dockerUsable, ours, withoutDocker } from '../helpers/docker.js';
import { nxc } from '../helpers/executable.js';
import { typedToUpstream, upstream, upstreamInstalled, withoutUpstream } from '../helpers/upstream.js';

const usable = dockerUsable && upstreamInstalled;

/** Ids of the containers that a project's compose file has. */
const containersOf = (project: string): string[] =>
  docker('ps', '--all', '--format', '{{.ID}} {{.Label "com.docker.compose.project.working_dir"}}')
    .filter(line => line.split(' ')[1]?.startsWith(project))
    .map(line => line.split(' ')[0]!);

describe.skipIf(!usable)(`upstream's nxc${withoutDocker || withoutUpstream}`, () => {
  it('enters, drives and stops a deployment that we started', { timeout: 240_000 }, async () => {
    const project = await dockerProject('one');
    await ours(project, 'build');
    await ours(project, 'start', '--wait-units=no');
    const containers = containersOf(project);
    expect(containers).toHaveLength(4);

    const entered = await typedToUpstream(
      project,
      ['connect', 'client1'],
      'echo "I am $(hostname)"\nexit 3\n',
    );
    expect(entered.stdout).toMatch(/^I am client1$/m);
    // It passes no status on: a warning is all that tells of it.
    expect(entered).toMatchObject({ status: 0, stdout: expect.stringContaining('exit code is not null: 3') });

    const script = join(project, 'script.py');
    await writeFile(
      script,
      `start_all()
server.wait_for_unit("counter.service")
print("GREETING", server.succeed("cat /etc/greeting").strip())
`,
    );
    expect((await upstream(project, 'driver', script)).stdout).toMatch(/^GREETING hello$/m);
    // The driver brings the deployment up anew before it begins, which has to find everything as it is.
    expect(containersOf(project)).toEqual(containers);

    expect(await upstream(project, 'stop')).toMatchObject({ status: 0 });
    expect(containersOf(project)).toEqual([]);
    // Our record and the volume, which it leaves, go with our own stop.
    expect(await ours(project, 'stop')).toContain('stop');
    expect(await ours(project, 'status')).toMatch(/^nothing of .* is running/);
  });

  it('starts what we adopt, drive, measure and stop', { timeout: 240_000 }, async () => {
    const project = await dockerProject('one');
    onTestFinished(() => {
      for (const container of containersOf(project)) docker('rm', '--force', '--volumes', container);
    });
    expect((await upstream(project, 'build', '-f', 'docker')).stdout).toContain('Build completed');
    await upstream(project, 'start');
    expect(containersOf(project)).toHaveLength(4);

    const status = await ours(project, 'status');
    for (const node of ['broken', 'client1', 'client2', 'server']) expect(status).toContain(node);
    expect(await ours(project, 'exec', '@client', '--', 'hostname; ask > /dev/null')).toMatch(
      /client1[\s\S]*client2/,
    );
    const again = await nxc(['start'], { cwd: project });
    expect(again.stderr).toContain('does not record of which build it is');
    expect(await ours(project, 'start', '--keep', '--wait-units=no')).toContain('is kept, although upstream');
    expect(await ours(project, 'driver', '-t')).toContain('every client is counted');
    expect(await ours(project, 'metrics', 'memory')).toMatch(/server/);
    expect(await ours(project, 'logs', 'server', 'counter')).toContain('Started');
    await ours(project, 'stop');
    expect(containersOf(project)).toEqual([]);
    expect(await ours(project, 'status')).toMatch(/^nothing of .* is running/);
  });
});
