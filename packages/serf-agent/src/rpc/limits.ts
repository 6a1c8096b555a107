// How much one client, and all of them, may cost the agent. Upstream has none of these; a client that behaves
// never meets them.

/** One request. The largest that make sense are a few KiB: an event's payload ends at 9 KiB. */
export const requestBytesMax = 256 * 1024;
/** As long as this much waits to be sent to a client, it gets no further reply or record. */
export const unsentBytesMax = 256 * 1024;
/** Waiting to be sent to all clients together; beyond, the one that most is waiting for is disconnected. */
export const unsentBytesTotalMax = 32 * 1024 * 1024;
/**
 * Connections at a time; one more takes the place of the oldest that has not shaken hands or authenticated.
 */
export const connectionsMax = 256;
/** Requests a connection may have handled before others get their turn. */
export const requestsPerTurn = 32;
/** Streams, and running queries, of one connection. */
export const subscriptionsMax = 64;
/** Records waiting in one stream, monitor or query; further ones are dropped. Upstream's number. */
export const recordsMax = 512;
/** Queries that one connection may still answer; the oldest give way. */
export const pendingQueriesMax = 4096;
