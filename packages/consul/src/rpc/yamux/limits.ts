// What one connection may cost. The window is part of the protocol; the rest is ours.

/** What either side may send on a stream before the other has taken some of it. Part of the protocol. */
export const windowBytes = 256 * 1024;
/** Streams of one connection at a time; further ones are reset. A client has one for each waiting query. */
export const streamsMax = 16_384;
/** While so much waits on a connection for windows to open, all streams together, further answers do, too. */
export const roomBytes = 64 * 1024 * 1024;
/** A connection on which more waits is closed: that much, and the largest answer there may be. */
export const unsentBytesMax = roomBytes + 576 * 1024 * 1024;
/** So often a connection is asked whether it is still there, as upstream. */
export const keepAliveMs = 30_000;
/** So long it has to answer. */
export const keepAliveTimeoutMs = 10_000;
