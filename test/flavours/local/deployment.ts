import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { RoleSpec, UnitSpec } from '../../../src/composition/role-spec.js';
import type { Build } from '../../../src/composition/types.js';
import { thisProcess } from '../../../src/deployment/starter.js';
import { local } from '../../../src/flavours/local/index.js';
import { initOf } from '../../../src/flavours/local/inits.js';
import { type Isolation, tryNamespaces } from '../../../src/flavours/local/isolation.js';
import { runtimeOf } from '../../../src/flavours/local/runtime.js';
import type { DeploymentRecord } from '../../../src/flavours/record.js';
import type { Job, JobContext } from '../../../src/jobs/job.js';
import type { ExecOptions } from '../../../src/transports/transport.js';

/** Why an isolation cannot be tested here; undefined when it can. */
export async function missing(isolation: Isolation): Promise<string | undefined> {
  return isolation === 'plain' ? undefined : tryNamespaces(isolation);
}

export function role(changes: Partial<RoleSpec> = {}): RoleSpec {
  return {
    role: 'foo',
    path: [],
    etc: {},
    variables: {},
    units: [],
    users: [],
    groups: [],
    extraHosts: '',
    sharedDirs: [],
    bootCommands: '',
    ...changes,
  };
}

export function service(name: string, script: string, changes: Partial<UnitSpec> = {}): UnitSpec {
  return {
    name: `${name}.service`,
    description: `the ${name}`,
    type: 'simple',
    remainAfterExit: false,
    preStart: [],
    start: [{ kind: 'script', text: script }],
    postStart: [],
    stop: [],
    reload: [],
    environment: {},
    path: [],
    restart: 'no',
    restartMs: 20,
    startLimitBurst: 5,
    startLimitIntervalMs: 10_000,
    timeoutStartMs: 90_000,
    timeoutStopMs: 5_000,
    after: [],
    requires: [],
    wants: [],
    wantedBy: ['multi-user.target'],
    directories: [],
    ...changes,
  };
}

/** A deployment of flavour `local`, started for a test and stopped with its scope. */
export class TestDeployment implements AsyncDisposable {
  readonly warnings: string[] = [];

  private constructor(
    readonly record: DeploymentRecord,
    private readonly isolation: Isolation,
  ) {}

  static async start(
    isolation: Isolation,
    roles: RoleSpec[],
    nodes: ReadonlyArray<{ name: string; role: string }>,
    { packages, signal = new AbortController().signal }: { packages?: string; signal?: AbortSignal } = {},
  ): Promise<TestDeployment> {
    const run = randomBytes(4).toString('hex');
    const record: DeploymentRecord = {
      deployment: {},
      'x-nxc': {
        run,
        composition: 'composition',
        flavour: 'local',
        project: process.cwd(),
        file: join(process.cwd(), 'deploy/composition::local.json'),
        owner: 'tester@here',
        started: new Date().toISOString(),
        state: 'starting',
        starter: thisProcess(),
        hash: '',
        nodes: [],
        runtime: {},
      },
    };
    const made = new TestDeployment(record, isolation);
    const info = { 'x-nxc': { roles: Object.fromEntries(roles.map(spec => [spec.role, spec])), packages } };
    process.env.NXC_LOCAL_ISOLATION = isolation;
    try {
      await local.start(
        { build: { info } as unknown as Build, nodes, record, save: async () => {} },
        made.jobs(signal),
      );
    } catch (error) {
      throw Object.assign(error as Error, { record });
    } finally {
      delete process.env.NXC_LOCAL_ISOLATION;
    }
    record['x-nxc'].state = 'running';
    return made;
  }

  get run(): string {
    return this.record['x-nxc'].run;
  }

  pid(node: string): number {
    return initOf(runtimeOf(this.record), node).pid;
  }

  exec(node: string, command: string, options?: ExecOptions) {
    return local.transport(this.record, node).exec(command, options);
  }

  /** stdout of a command that must succeed. */
  async text(node: string, command: string, options?: ExecOptions): Promise<string> {
    const { status, stdout, stderr } = await this.exec(node, command, options);
    if (status !== 0) throw new Error(`${command}: status ${status} (${this.isolation})\n${stdout}${stderr}`);
    return stdout.toString();
  }

  stop(): Promise<void> {
    return local.stop(this.record, this.jobs(new AbortController().signal));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private jobs(signal: AbortSignal): JobContext {
    const nothing = () => {};
    const job: Job = {
      step: nothing,
      details: nothing,
      log: nothing,
      finish: nothing,
      fail: nothing,
      cancel: nothing,
    };
    return { job: () => job, warn: message => this.warnings.push(message), signal };
  }
}
