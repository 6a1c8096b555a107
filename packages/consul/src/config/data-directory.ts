// What lies where the agent wants to keep its data, as far as it can keep the agent from starting.

import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '@reeve/runtime/node';
import type { RuntimeConfig } from './runtime-config.ts';

/** The state of a data directory. */
export interface DataDirectory {
  /** `missing` is fine: it will be made. */
  readonly kind: 'missing' | 'directory' | 'other' | 'unknown';
  /** Why it is unknown, in the original's words. */
  readonly reason: string;
  /** A store of versions before 0.6, which nobody reads any more. */
  readonly oldStore: 'missing' | 'found' | 'unreadable';
}

/** Looks at the data directory of a configuration; changes nothing. */
export async function findDataDirectory({ identity: { dataDir } }: RuntimeConfig): Promise<DataDirectory> {
  const oldStore = await fs.stat(join(dataDir, 'mdb')).then(
    () => 'found' as const,
    (error) => (errorCode(error) === 'EACCES' ? ('unreadable' as const) : ('missing' as const)),
  );
  try {
    const status = await fs.stat(dataDir === '' ? '.' : dataDir);
    return { kind: status.isDirectory() ? 'directory' : 'other', reason: '', oldStore };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { kind: 'missing', reason: '', oldStore };
    return { kind: 'unknown', reason: `stat ${dataDir}: ${errorReason(error)}`, oldStore };
  }
}

function errorReason(error: unknown): string {
  const [, reason = ''] = /^[A-Z0-9]+: ([^,]+)/.exec((error as Error).message) ?? [];
  return reason;
}
