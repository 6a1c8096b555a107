// The file that says which process the agent is, for init systems. Upstream: agent/agent.go (storePid,
// deletePid).

import { rmSync, writeFileSync } from 'node:fs';
import { type Log, openError } from '@reeve/runtime';
import { logFields } from '../log/log-fields.ts';

/** Writes it; the result removes it. @throws Error in the original's words */
export function writePidFile(path: string, log: Log): () => void {
  if (path === '') return () => {};
  try {
    writeFileSync(path, `${process.pid}`, { mode: 0o666 });
  } catch (error) {
    throw new Error(`Could not open pid file: ${openError(path, error)}`, { cause: error });
  }
  return () => {
    try {
      rmSync(path);
    } catch (error) {
      const reason = `Could not remove pid file: ${openError(path, error, 'stat')}`;
      log('warn', `agent: could not delete pid file${logFields({ error: reason })}`);
    }
  };
}
