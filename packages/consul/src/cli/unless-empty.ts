// What Go's `omitempty` leaves out of a request.

import type { JsonOutput } from '@reeve/cli';

/** The fields that are not Go's idea of empty. */
export function unlessEmpty(
  fields: Readonly<Record<string, JsonOutput>>,
): Readonly<Record<string, JsonOutput>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => {
      if (Array.isArray(value)) return value.length > 0;
      return value instanceof Map ? value.size > 0 : Boolean(value);
    }),
  );
}
