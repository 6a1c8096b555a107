// What a connection to the server port is for: its first byte. Upstream: agent/pool/conn.go (RPCType).

/** The first bytes we know. */
export const connectionTypes = {
  /** One stream of net/rpc. */
  single: 0,
  raft: 1,
  /** TLS follows, and in it another first byte. */
  tls: 3,
  /** yamux, each stream of which is one of net/rpc. */
  multiplexed: 4,
  snapshot: 5,
} as const;
