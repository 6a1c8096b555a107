// Trying failed members again: after a partition heals, somebody must take the first step.
// Upstream: serf.go (reconnect). Next: try-seeds.ts, for when even the failed are forgotten.

import { endpointText } from '@reeve/runtime';
import type { Machine } from './machine.ts';

/** Runs every `reconnectIntervalMs`: this node tries its share of the failed members. */
export function reconnectSome(machine: Machine): void {
  const { members, gossip } = machine;
  const failed = members.withStatus('failed');
  if (failed.length === 0) return;
  const share = takeShare(machine, failed);
  if (share.length === 0) machine.log('debug', 'forgoing reconnect for random throttling');
  for (const { member } of share) {
    const address = endpointText(member);
    machine.log('info', `attempting reconnect to ${member.name} ${address}`);
    gossip.join([memberAddress(member.name, address)], () => {}); // memberlist logs what went wrong
  }
}

/**
 * Different random ones of these, so many that all members together try each about `triesPerInterval`
 * times. Upstream: once, and each member one at most. Who is cut off from everybody may then try those first
 * that are really dead, and who came back without a memory may wait for minutes until somebody tries it.
 */
export function takeShare<T>({ members, runtime, config }: Machine, all: readonly T[]): readonly T[] {
  const alive = Math.max(members.size - members.gone().length, 1);
  const wanted = Math.floor((triesPerInterval * all.length) / alive + runtime.random.float());
  const rest = [...all];
  const count = Math.min(wanted, rest.length, config.limits.reconnectsMax);
  return Array.from({ length: count }, () => rest.splice(runtime.random.below(rest.length), 1)).flat();
}

/** An address to join with the name of who should be there, if it has one. */
export function memberAddress(name: string, address: string): string {
  return name === '' ? address : `${name}/${address}`;
}

/** With 3 one of twenty is not tried in an interval, and one of four hundred in two. */
const triesPerInterval = 3;
