// A check of a node, or of one of its services. Upstream: agent/structs/structs.go (HealthCheck).

import type { RaftIndex } from './raft-index.ts';

/** One check. Its key is the node and `checkId`. */
export interface HealthCheck extends RaftIndex {
  readonly node: string;
  readonly checkId: string;
  readonly name: string;
  /** `passing`, `warning`, `critical`; the catalog stores any word (`up`), which counts as not passing. */
  readonly status: string;
  readonly notes: string;
  readonly output: string;
  /** Empty for a check of the whole node. */
  readonly serviceId: string;
  readonly serviceName: string;
  readonly serviceTags: readonly string[] | null;
  /** `script`, `http`, `tcp`, `ttl`, `grpc`, `alias`, `maintenance`, or empty. */
  readonly type: string;
  readonly definition: HealthCheckDefinition;
}

/** How a check is made, as far as the catalog is told; times in nanoseconds, 0 or empty where not given. */
export interface HealthCheckDefinition {
  readonly http: string;
  readonly tlsSkipVerify: boolean;
  readonly header: ReadonlyMap<string, readonly string[]> | null;
  readonly method: string;
  readonly body: string;
  readonly tcp: string;
  readonly intervalNs: number;
  readonly outputMaxSize: number;
  readonly timeoutNs: number;
  readonly deregisterCriticalServiceAfterNs: number;
  readonly scriptArgs: readonly string[] | null;
  readonly dockerContainerId: string;
  readonly shell: string;
  readonly grpc: string;
  readonly grpcUseTls: boolean;
  readonly aliasNode: string;
  readonly aliasService: string;
  readonly ttlNs: number;
}

/** The check by which a leader vouches for the agent of a node. Upstream: structs.SerfCheckID. */
export const serfHealth = 'serfHealth';
