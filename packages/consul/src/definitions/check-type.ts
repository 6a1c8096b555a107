// How a check is made: one of seven kinds, told apart by the fields that are set.
// Upstream: agent/structs/check_type.go. Next: check-definition.ts, service-definition.ts.

/** The settings of one check. Times are nanoseconds; what was not given is empty, 0 or null. */
export interface CheckType {
  /** Empty: it is made up where the check is registered. */
  readonly checkId: string;
  readonly name: string;
  /** The status to begin with; empty: critical. */
  readonly status: string;
  readonly notes: string;
  /** A program and its arguments. */
  readonly scriptArgs: readonly string[] | null;
  readonly http: string;
  readonly header: ReadonlyMap<string, readonly string[] | null> | null;
  readonly method: string;
  readonly body: string;
  readonly tcp: string;
  readonly intervalNs: number;
  /** The node whose service is mirrored; empty: ours. */
  readonly aliasNode: string;
  /** The id of the service that is mirrored. */
  readonly aliasService: string;
  readonly dockerContainerId: string;
  readonly shell: string;
  /** `host:port`, and perhaps `/service`. */
  readonly grpc: string;
  readonly grpcUseTls: boolean;
  readonly tlsSkipVerify: boolean;
  readonly timeoutNs: number;
  readonly ttlNs: number;
  readonly successBeforePassing: number;
  readonly failuresBeforeCritical: number;
  /** How long a check may be critical before its service is removed; 0: for ever. */
  readonly deregisterCriticalServiceAfterNs: number;
  /** In bytes; 0: the agent's limit. */
  readonly outputMaxSize: number;
}

/** What tells the kinds apart. */
type CheckMaking = Pick<
  CheckType,
  | 'grpc'
  | 'http'
  | 'ttlNs'
  | 'tcp'
  | 'aliasNode'
  | 'aliasService'
  | 'scriptArgs'
  | 'dockerContainerId'
  | 'intervalNs'
>;

/** What a check is, as the catalog calls it; empty if it is nothing. */
export type CheckKind = 'grpc' | 'http' | 'ttl' | 'tcp' | 'alias' | 'docker' | 'script' | '';

/** The first kind that fits: upstream looks for them in this order. */
export function checkKindOf(type: CheckMaking): CheckKind {
  const isRepeated = type.intervalNs > 0;
  if (type.grpc !== '' && isRepeated) return 'grpc';
  if (type.http !== '' && isRepeated) return 'http';
  if (type.ttlNs > 0) return 'ttl';
  if (type.tcp !== '' && isRepeated) return 'tcp';
  if (isAlias(type)) return 'alias';
  if (isScript(type) && type.dockerContainerId !== '' && isRepeated) return 'docker';
  return isScript(type) ? 'script' : '';
}

/** Whether the check runs a program. */
export function isScript({ scriptArgs }: Pick<CheckType, 'scriptArgs'>): boolean {
  return scriptArgs !== null && scriptArgs.length > 0;
}

/** What is wrong with a check, or undefined. */
export function checkTypeProblem(type: CheckType): string | undefined {
  const needsInterval = isScript(type) || type.http !== '' || type.tcp !== '' || type.grpc !== '';
  if (type.intervalNs > 0 && type.ttlNs > 0) return 'Interval and TTL cannot both be specified';
  if (needsInterval && type.intervalNs <= 0) return 'Interval must be > 0 for Script, HTTP, or TCP checks';
  if (needsInterval && isAlias(type)) return 'Interval cannot be set for Alias checks';
  if (isAlias(type) && type.ttlNs > 0) return 'TTL must be not be set for Alias checks';
  if (!needsInterval && !isAlias(type) && type.ttlNs <= 0) return 'TTL must be > 0 for TTL checks';
  if (type.outputMaxSize < 0) return 'MaxOutputMaxSize must be positive';
  return undefined;
}

function isAlias({ aliasNode, aliasService }: Pick<CheckType, 'aliasNode' | 'aliasService'>): boolean {
  return aliasNode !== '' || aliasService !== '';
}

/** A check without settings: files and requests have one where they have none. */
export const noCheckType: CheckType = Object.freeze({
  checkId: '',
  name: '',
  status: '',
  notes: '',
  scriptArgs: null,
  http: '',
  header: null,
  method: '',
  body: '',
  tcp: '',
  intervalNs: 0,
  aliasNode: '',
  aliasService: '',
  dockerContainerId: '',
  shell: '',
  grpc: '',
  grpcUseTls: false,
  tlsSkipVerify: false,
  timeoutNs: 0,
  ttlNs: 0,
  successBeforePassing: 0,
  failuresBeforeCritical: 0,
  deregisterCriticalServiceAfterNs: 0,
  outputMaxSize: 0,
});
