// Whether a query is meant for this node. Upstream: query.go (shouldProcessQuery).
// All filters must pass. One that makes no sense does not: better no answer than one nobody asked for.

import { DecodeError } from '@reeve/bytes';
import type { Machine } from './machine.ts';
import { decodeFilter, type QueryFilter } from './wire/query.ts';

/** Whether this node is among those who are asked. */
export function passesFilters(machine: Machine, filters: readonly Uint8Array[]): boolean {
  const bytes = filters.reduce((sum, { length }) => sum + length, 0);
  if (bytes > Math.max(machine.config.querySizeLimitBytes, filtersBytesMin)) {
    machine.complain('warn', `query has ${bytes} bytes of filters, which is more than we look at`);
    return false;
  }
  return filters.every((filter) => {
    const decoded = decodeOrLog(machine, filter);
    return decoded !== undefined && passesFilter(machine, decoded);
  });
}

function passesFilter(machine: Machine, filter: QueryFilter): boolean {
  switch (filter.kind) {
    case 'nodes':
      return filter.nodes.includes(machine.name);
    case 'tag':
      return matchesTag(machine, filter.tag, filter.expression);
    case 'unknown':
      machine.complain('warn', `query has unrecognized filter type: ${filter.type}`);
      return false;
  }
}

/** A tag we do not have counts as empty. */
function matchesTag(machine: Machine, tag: string, expression: string): boolean {
  const { compileRegexp = refuseRegexp } = machine.config;
  try {
    return compileRegexp(expression).matches(machine.tags.get(tag) ?? '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    machine.complain('warn', `failed to compile filter regex (${expression}): ${reason}`);
    return false;
  }
}

function refuseRegexp(): never {
  throw new Error('no regular expressions were configured');
}

function decodeOrLog(machine: Machine, filter: Uint8Array): QueryFilter | undefined {
  try {
    return decodeFilter(filter);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    machine.complain('warn', `failed to decode query filter: ${error.message}`);
    return undefined;
  }
}

/** Compiling an expression costs some 10 ms a kilobyte. Other nodes may have a higher limit than we. */
const filtersBytesMin = 4_096;
