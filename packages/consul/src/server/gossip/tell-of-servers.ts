// What the log says of servers that come and go, and of who leads: people and scripts wait for these lines.
// Upstream: agent/consul/server_serf.go (localEvent, lanNodeJoin, lanNodeFailed).

import { decodeText } from '@reeve/bytes';
import { endpointText, type Log } from '@reeve/runtime';
import type { SerfEvent } from '@reeve/serf/core';
import { serverOf } from './server-member.ts';

/** The user event by which a new leader tells everybody. Upstream: newLeaderEvent. */
export const newLeaderEvent = 'consul:new-leader';

/** Logs what an event of gossip means for the servers, if anything. */
export function tellOfServers(event: SerfEvent, log: Log): void {
  if (event.kind === 'query') return;
  if (event.kind === 'user') {
    if (event.name === newLeaderEvent)
      log('info', `consul: New leader elected: payload=${decodeText(event.payload)}`);
    return;
  }
  const doing = doings[event.kind];
  for (const member of event.members) {
    const server = serverOf(member);
    if (server === undefined) continue;
    const { name, datacenter } = server;
    log('info', `consul: ${doing}: server="${name} (Addr: tcp/${endpointText(server)}) (DC: ${datacenter})"`);
  }
}

const doings = {
  'member-join': 'Adding LAN server',
  'member-update': 'Updating LAN server',
  'member-leave': 'Removing LAN server',
  'member-failed': 'Removing LAN server',
  'member-reap': 'Removing LAN server',
} as const;
