import { projectHere } from '../composition/project.js';
import { type DeploymentManager, deploymentName } from '../deployment/deployment.js';
import { whose } from './whose.js';

/**
 * What ran before this kernel, and how to stop it: a line each; nothing where nothing runs. Not what `keeper` started: a run that
 * is resumed goes on with it.
 */
export async function runningBefore(
  manager: DeploymentManager,
  directory: string,
  notebook: string | undefined,
  keeper: string | undefined,
): Promise<string> {
  const found = (await manager.runningBefore(directory, notebook)).filter(
    ({ record }) => keeper === undefined || record['x-nxc'].keeper !== keeper,
  );
  const here = projectHere(directory)?.directory;
  const inProject = found.filter(({ record }) => record['x-nxc'].project === here).length;
  return found
    .map(deployment => {
      const { project, run } = deployment.record['x-nxc'];
      const name = deploymentName(deployment);
      const names = deployment.nodes.map(node => node.name);
      const nodes = names.length > 8 ? `${names.length} nodes` : names.join(', ');
      const [where, stop] =
        project !== here
          ? [` of ${project}`, `stop --run ${run}`]
          : ['', inProject > 1 ? `stop -d ${name}` : 'stop'];
      return `${name}${where} runs already: ${nodes} (${whose(deployment)}); \`%nxc ${stop}\` stops it\n`;
    })
    .join('');
}
