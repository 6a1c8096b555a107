// The first byte of everything: which message, or which layer, follows. Upstream: memberlist net.go
// (messageType) and label.go. Next: messages.ts for the bodies, packet.ts and stream.ts for the layers around
// them.

/** Message and layer types by name. */
export const messageTypes = {
  ping: 0,
  indirectPing: 1,
  ack: 2,
  suspect: 3,
  alive: 4,
  dead: 5,
  pushPull: 6,
  compound: 7,
  user: 8,
  compress: 9,
  encrypt: 10,
  nack: 11,
  checksum: 12,
  error: 13,
  label: 244,
} as const;
