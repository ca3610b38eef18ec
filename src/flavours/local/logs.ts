import type { LogLine, LogRequest } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';

export async function* logs(
  _record: DeploymentRecord,
  _node: string,
  _request: LogRequest,
): AsyncIterable<LogLine> {}
