// Puts instances together to one answer. Upstream: agent/dns.go (serviceNodeRecords, serviceSRVRecords).

import type { Random } from '@reeve/runtime';
import { recordType } from '../wire/record.ts';
import type { InstanceRecords } from './instance-records.ts';
import type { Trimmable } from './trim.ts';

/** In random order, so that clients who take the first spread; a permutation is as likely as any other. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    const item = order[i] as T;
    order[i] = order[other] as T;
    order[other] = item;
  }
  return order;
}

/** The answer that instances make in this order. `addressesMax` is for all types but SRV; 0: no limit. */
export function serviceAnswer(
  instances: readonly InstanceRecords[],
  type: number,
  addressesMax: number,
): Trimmable {
  return type === recordType.srv ? allRecords(instances) : addressRecords(instances, addressesMax);
}

function allRecords(instances: readonly InstanceRecords[]): Trimmable {
  const some = distinct(instances);
  return {
    answers: some.flatMap(({ answers }) => answers),
    additional: some.flatMap(({ additional }) => additional),
  };
}

/** An alias must be alone: the first one is the answer where no instance has an address. */
function addressRecords(instances: readonly InstanceRecords[], addressesMax: number): Trimmable {
  const some = distinct(instances);
  const addresses = some.filter(({ isAlias }) => !isAlias).flatMap(({ answers }) => answers);
  if (addresses.length === 0) return { answers: some[0]?.answers ?? [], additional: [] };
  return { answers: addressesMax > 0 ? addresses.slice(0, addressesMax) : addresses, additional: [] };
}

function distinct(instances: readonly InstanceRecords[]): readonly InstanceRecords[] {
  const byKey = new Map<string, InstanceRecords>();
  for (const instance of instances) if (!byKey.has(instance.key)) byKey.set(instance.key, instance);
  return [...byKey.values()];
}
