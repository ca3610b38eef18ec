/**
 * `npm run bench`: one table of what the kernel and the flavours cost, peers in the same run.
 * Peers that are not installed are left out. Figures are medians; ratios are what to quote, machines differ.
 */
import { benchDeployment } from './deployment.mjs';
import { benchDocker } from './docker.mjs';
import { benchDriver } from './driver.mjs';
import { benchKernels } from './kernels.mjs';
import { printTable } from './measure.mjs';
import { benchTerminal } from './terminal.mjs';

const wanted = process.argv.slice(2);
const parts = {
  kernel: benchKernels,
  terminal: benchTerminal,
  deployment: benchDeployment,
  docker: benchDocker,
  driver: benchDriver,
};
const rows = [];
for (const [name, bench] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await bench()));
}
printTable(rows);
