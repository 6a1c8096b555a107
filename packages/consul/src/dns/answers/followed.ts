// What host names lead to. Addresses in the catalog may be host names; whoever composes an answer has
// followed them before, so that composing is a pure function.

import type { ResourceRecord } from '../wire/record.ts';

/** Records by host name, with the dot at the end. */
export type Followed = ReadonlyMap<string, readonly ResourceRecord[]>;

/** Nobody has followed anything, or there was nothing to follow. */
export const nothingFollowed: Followed = new Map();
