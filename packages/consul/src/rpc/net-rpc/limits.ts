// What one call may cost. Upstream has none of these; who behaves never meets them.

/**
 * A request's header or body; also what may wait on a stream while a call is served. The largest that make
 * sense are transactions, of `limits.txn_max_req_len`.
 */
export const requestBytesMax = 16 * 1024 * 1024;
/** An answer: everything below a prefix, or all nodes of a large catalog. */
export const replyBytesMax = 512 * 1024 * 1024;
