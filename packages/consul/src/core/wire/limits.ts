// How many elements a list or map on the wire may have. Counts are also held against the bytes that are
// there, so these bounds are against nonsense, not against floods; they lie far above what any front door
// lets pass.

/** Tags, metadata, addresses, checks of one record. */
export const recordElementsMax = 65_536;

/** Coordinates of one batch, steps of one transaction: more than anybody writes (128, 64). */
export const batchElementsMax = 65_536;

/** How deep what we pass on unread may be nested. */
export const opaqueDepthMax = 64;
