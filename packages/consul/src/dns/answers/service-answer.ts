// Puts instances together to one answer. Upstream: agent/dns.go (serviceNodeRecords, serviceSRVRecords).
//
// Instances come in random order, so that clients who take the first spread. Of many only as many are drawn
// as could be sent; they are as random as the first of all in random order.

import type { Random } from '@reeve/runtime';
import { type ResourceRecord, recordType } from '../wire/record.ts';
import type { InstanceRecords } from './instance-records.ts';

/** The records of all instances that a question is answered with. */
export interface ServiceRecords {
  readonly instances: readonly InstanceRecords[];
  /** No two are alike and none is an alias, so that any of them make an answer. */
  readonly isPlain: boolean;
}

/** An answer that may still be too long. */
export interface Offer {
  readonly answers: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
  /** How many answers there would be if all could be sent. */
  readonly answersTotal: number;
}

/** How many answers are wanted. */
export interface OfferLimits {
  /** Of all types but SRV; 0: any number. */
  readonly addressesMax: number;
  /** More cannot be sent. */
  readonly answersMax: number;
}

/** Looks instances over once, for any number of answers. */
export function serviceRecords(instances: readonly InstanceRecords[]): ServiceRecords {
  const isPlain =
    distinct(instances).length === instances.length && !instances.some(({ isAlias }) => isAlias);
  return { instances, isPlain };
}

/** One answer. */
export function offer(service: ServiceRecords, type: number, limits: OfferLimits, random: Random): Offer {
  const { instances, isPlain } = service;
  const isService = type === recordType.srv;
  const total = isService || limits.addressesMax === 0 ? instances.length : limits.addressesMax;
  if (isPlain) {
    const answersTotal = Math.min(total, instances.length);
    const { answers, additional } = joined(
      drawn(instances, Math.min(answersTotal, limits.answersMax), random),
    );
    return { answers, additional, answersTotal };
  }
  const some = distinct(drawn(instances, instances.length, random));
  const chosen = isService ? some : withoutAliases(some);
  const { answers, additional } = joined(chosen.slice(0, total));
  return { answers: answers.slice(0, limits.answersMax), additional, answersTotal: answers.length };
}

/** So many of the items, in random order; each choice and order is as likely as any other. */
export function drawn<T>(items: readonly T[], count: number, random: Random): T[] {
  const order = [...items];
  for (let i = 0; i < count; i++) {
    const other = i + random.below(order.length - i);
    const item = order[i] as T;
    order[i] = order[other] as T;
    order[other] = item;
  }
  order.length = count;
  return order;
}

/** An alias must be alone: the first one is the answer where no instance has an address. */
function withoutAliases(instances: readonly InstanceRecords[]): readonly InstanceRecords[] {
  const addresses = instances.filter(({ isAlias }) => !isAlias);
  return addresses.length > 0 ? addresses : instances.slice(0, 1);
}

function joined(instances: readonly InstanceRecords[]): Omit<Offer, 'answersTotal'> {
  const answers: ResourceRecord[] = [];
  const additional: ResourceRecord[] = [];
  for (const instance of instances) {
    for (const record of instance.answers) answers.push(record);
    for (const record of instance.additional) additional.push(record);
  }
  return { answers, additional };
}

function distinct(instances: readonly InstanceRecords[]): readonly InstanceRecords[] {
  const byKey = new Map<string, InstanceRecords>();
  for (const instance of instances) if (!byKey.has(instance.key)) byKey.set(instance.key, instance);
  return [...byKey.values()];
}
