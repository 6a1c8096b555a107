// Looking for the cluster where we were once told to, as long as no member is known there. So two halves that
// were apart until they forgot each other, and nodes that restarted while nobody could be reached, become one
// cluster by themselves. Ours: upstream needs an operator then.

import { type Endpoint, endpointText } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import { memberAddress, takeShare } from './reconnect.ts';
import { parseSeed } from './seeds.ts';

/** Runs every `reconnectIntervalMs`: this node tries its share of the seeds, where nobody is known. */
export function trySeeds(machine: Machine): void {
  if (machine.state !== 'alive') return;
  for (const seed of takeShare(machine, machine.seeds.all)) trySeed(machine, seed);
}

function trySeed(machine: Machine, seed: string): void {
  const { gossip, runtime, members } = machine;
  const parsed = parseSeed(seed, gossip.localNode.port);
  if (!parsed) return;
  const isKnown = (at: string) => [...members.all()].some(({ member }) => isAt(member, at, parsed.port));
  runtime.network.resolve(parsed.host, (resolved) => {
    const isStillWanted = machine.state === 'alive' && machine.seeds.all.includes(seed);
    if (!resolved.ok || !isStillWanted) return;
    const strangers = resolved.value.filter((host) => !isKnown(host));
    const host = strangers[runtime.random.below(Math.max(strangers.length, 1))];
    if (host === undefined) return;
    const address = endpointText({ host, port: parsed.port });
    // Not `info`: where members advertise other addresses than one joins, this never ends.
    machine.log('debug', `attempting to find the cluster through ${address}`);
    gossip.join([memberAddress(parsed.nodeName, address)], () => {}); // memberlist logs what went wrong
  });
}

function isAt({ host, port }: Endpoint, otherHost: string, otherPort: number): boolean {
  return host === otherHost && port === otherPort;
}
