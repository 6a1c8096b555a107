// A request or an answer with nothing in it: an empty map.

import { type StructCodec, struct } from '@reeve/bytes';

/** Nothing. */
export type Empty = Readonly<Record<never, never>>;

/** Reads any map, and forgets what is in it. */
export const empty: StructCodec<Empty> = struct<Empty>({});
