// An answer that is an id: of an event, of a session.

import { struct, text } from '../../json/decode.ts';

/** An answer that has an id: of an event, of a session. */
export const withId = struct<{ readonly id: string }>('', { id: ['ID', text] });
