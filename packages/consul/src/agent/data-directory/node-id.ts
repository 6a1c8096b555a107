// The id of a node: what the configuration says, else what the data directory remembers, else a new one, to
// be remembered. Upstream: agent/nodeid.go.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { decodeText, encodeText } from '@reeve/bytes';
import { trimSpace } from '@reeve/cli';
import type { Disk, DiskError, Random, Result } from '@reeve/runtime';
import type { IdentityConfig } from '../../config/runtime-config.ts';
import { uuidProblem } from '../../core/index.ts';
import { newUuid } from '../../server/uuid.ts';

/** What an id is made from. */
export interface NodeIdSources {
  readonly disk: Disk;
  readonly random: Random;
  /** An id of the machine, which all its agents share; undefined if it has none. */
  readonly hostId: string | undefined;
}

/** Finds the id, or fails with the original's sentence (`specified NodeID is invalid: …`). */
export function findNodeId(
  identity: IdentityConfig,
  sources: NodeIdSources,
  done: (result: Result<string, Error>) => void,
): void {
  if (identity.nodeId !== '') return done(parsed(identity.nodeId, 'specified NodeID is invalid'));
  const fresh = makeNodeId(identity, sources);
  if (identity.dataDir === '') return done({ ok: true, value: fresh });
  const path = join(identity.dataDir, 'node-id');
  sources.disk.read(path, fileBytesMax, (result) => {
    if (result.ok) return done(parsed(trimSpace(decodeText(result.value)), `NodeID in ${path} is invalid`));
    if (result.error.code !== 'ENOENT') return done(result);
    sources.disk.replace(path, encodeText(fresh), 0o600, (written) =>
      done(written.ok ? { ok: true, value: fresh } : unwritten(written.error)),
    );
  });
}

/** The machine's id, well mixed and shaped like a UUID, or a random one. */
function makeNodeId({ disableHostNodeId }: IdentityConfig, { random, hostId }: NodeIdSources): string {
  if (disableHostNodeId || hostId === undefined) return newUuid(random);
  const digits = createHash('sha512').update(hostId.toLowerCase()).digest('hex').slice(0, 32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function parsed(written: string, complaint: string): Result<string, Error> {
  const id = written.toLowerCase();
  const problem = uuidProblem(id);
  if (problem === undefined) return { ok: true, value: id };
  return { ok: false, error: new Error(`${complaint}: ${problem}`) };
}

function unwritten(error: DiskError): Result<string, Error> {
  return { ok: false, error: new Error(`failed to write NodeID to disk: ${error.message}`) };
}

/** A UUID and some white space; whatever is longer is no id. */
const fileBytesMax = 4096;
