// What callers tell apart among the errors of servers. Only a text crosses the wire, perhaps with more before
// it, so by that. Upstream: agent/structs/errors.go, acl/errors.go.

/** Nobody leads the cluster, or nobody has been found in time. */
export const noLeader = 'No cluster leader';

/** No server of that datacenter is known. */
export const noPathToDatacenter = 'No path to datacenter';

/** The agent makes no more calls for now (`limits.rpc_rate`). */
export const rateLimitExceeded = 'RPC rate limit exceeded';

/** Whether an error is one of these. */
export function isError(error: Error, known: string): boolean {
  return error.message.includes(known);
}

/** Whether a token was refused, or is none. */
export function isForbidden(error: Error): boolean {
  return /Permission denied|ACL not found/.test(error.message);
}
