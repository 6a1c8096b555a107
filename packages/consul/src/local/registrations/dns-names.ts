// Services and tags with names that DNS cannot ask for are taken, with a line in the log.
// Upstream: agent/agent.go (validateService).

import { textByteLength } from '@reeve/bytes';
import type { Log } from '@reeve/runtime';
import type { NodeService } from '../../core/index.ts';

/** Logs what will not be found. */
export function warnOfDnsNames(log: Log, { service, tags }: NodeService): void {
  const flaw = flawOf(service);
  const what = 'agent: Service name will not be discoverable via DNS due to';
  if (flaw !== undefined) log('warn', `${what} ${flaw}: service=${service}`);
  for (const tag of tags ?? []) {
    const tagFlaw = flawOf(tag);
    const tagWhat = 'agent: Service tag will not be discoverable via DNS due to';
    if (tagFlaw !== undefined) log('debug', `${tagWhat} ${tagFlaw}: tag=${tag}`);
  }
}

function flawOf(name: string): string | undefined {
  if (/[^A-Za-z0-9-]/.test(name)) {
    return 'invalid characters. Valid characters include all alpha-numerics and dashes.';
  }
  if (textByteLength(name) > labelBytesMax) {
    return `it being too long. Valid lengths are between 1 and ${labelBytesMax} bytes.`;
  }
  return undefined;
}

const labelBytesMax = 63;
