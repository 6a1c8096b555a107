// Trying failed members again: after a partition heals, somebody must take the first step.
// Upstream: serf.go (reconnect).

import { endpointText } from '@reeve/runtime';
import type { Machine } from './machine.ts';

/**
 * Runs every `reconnectIntervalMs`. One failed member at most, with a probability of failed / alive: so the
 * whole cluster together tries each failed member about once per interval.
 */
export function reconnectOne(machine: Machine): void {
  const { members, runtime, gossip } = machine;
  const failed = members.withStatus('failed');
  if (failed.length === 0) return;
  const alive = members.size - members.gone().length;
  if (runtime.random.float() > failed.length / Math.max(alive, 1)) {
    machine.log('debug', 'forgoing reconnect for random throttling');
    return;
  }
  const member = failed[runtime.random.below(failed.length)]?.member;
  if (!member) return;
  const address = endpointText(member);
  machine.log('info', `attempting reconnect to ${member.name} ${address}`);
  gossip.join([memberAddress(member.name, address)], () => {}); // memberlist logs what went wrong
}

/** An address to join with the name of who should be there, if it has one. */
export function memberAddress(name: string, address: string): string {
  return name === '' ? address : `${name}/${address}`;
}
