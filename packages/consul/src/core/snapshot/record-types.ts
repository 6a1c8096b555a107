// The types of the records in a snapshot, by their byte. Many are also types of commands.
// Upstream: agent/structs/structs.go (MessageType), agent/consul/fsm/snapshot_oss.go.

/** What we read and write ourselves. */
export const recordTypes = {
  registration: 0,
  keyValue: 2,
  session: 3,
  tombstone: 5,
  coordinates: 6,
  preparedQuery: 7,
  autopilot: 9,
  /** Of before 1.4: only the index at which ACLs were bootstrapped. */
  legacyBootstrap: 11,
  index: 16,
  /** Large entries of which some parts are still to come; we have none, and upstream always writes one. */
  chunks: 29,
} as const;

/** Kept as they came, and written where upstream writes them: behind the sessions … */
export const opaqueAccessTypes: readonly number[] = [
  17, // ACL tokens
  19, // policies
  23, // roles
  25, // binding rules
  27, // authentication methods
  4, // ACLs of before 1.4
];

/** … and behind autopilot's configuration. */
export const opaqueMeshTypes: readonly number[] = [
  12, // intentions
  13, // roots of the certificate authority
  14, // its keys
  15, // its configuration
  22, // configuration entries
  30, // federation states
];
