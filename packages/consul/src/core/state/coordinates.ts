// Where nodes are in the network. Upstream: agent/consul/state/coordinate.go.

import { isValidCoordinate } from '@reeve/serf/core';
import type { NodeCoordinate } from '../records/index.ts';
import { nameKey } from './keys.ts';
import type { Transaction } from './transaction.ts';

/** Takes over coordinates, except of nodes that are gone, and those that nobody could compute with. */
export function updateCoordinates(transaction: Transaction, updates: readonly NodeCoordinate[]): void {
  for (const update of updates) {
    const isKnown = transaction.tables.nodes.get(nameKey(update.node)) !== undefined;
    if (isKnown && isValidCoordinate(update.coordinate)) transaction.put('coordinates', update);
  }
  transaction.touch('coordinates');
}
