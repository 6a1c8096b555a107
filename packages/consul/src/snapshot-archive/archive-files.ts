// The files of an archive, in their order.

/** Where in the log the snapshot was taken. */
export const metadataFile = 'meta.json';
/** The state itself, as the state machine wrote it. */
export const stateFile = 'state.bin';
/** The sums of the other two. */
export const checksumFile = 'SHA256SUMS';
