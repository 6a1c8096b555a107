// Mistakes in what a server of Consul promises its clients: consistent and stale reads, waiting, forwarding,
// what followers answer for the leader, taking over, sessions' time.

import { type Fault, faultsIn } from '../fault.ts';

/** The faults. */
export const consulServerFaults: readonly Fault[] = [
  ...faultsIn('packages/consul/src/server/blocking-query.ts', [
    {
      name: 'a server that has lost its leadership answers consistently as if it had not',
      original: '  await consensus.verifyLeader();\n',
      replacement: '',
    },
    {
      name: 'who waits consistently is told what may no longer be so',
      original: 'if (!this.#options.requireConsistent) return onWoken();',
      replacement: 'if (change !== undefined) return onWoken();',
    },
    {
      name: 'a new leader answers consistently before it knows what earlier ones have written',
      original: 'while (!leadership.isEstablished) {',
      replacement: 'while (false as boolean) {',
    },
    {
      name: 'who waits is told at once what it knows',
      original: 'return meta.index > this.#options.minQueryIndex;',
      replacement: 'return meta.index >= this.#options.minQueryIndex;',
    },
    {
      name: 'a server that knows no leader tells what it has with an index of long ago',
      original: 'index: Math.max(index, 1), //',
      replacement: "index: consensus.leaderAddress === '' ? 1 : Math.max(index, 1), //",
    },
    {
      name: 'who waits is told of every change, news or not',
      original: 'if (change === undefined || store.tables !== tables) ',
      replacement: 'if (change === undefined || store.tables === tables) ',
    },
  ]),
  ...faultsIn('packages/consul/src/http/told.ts', [
    {
      name: 'who has asked in other words is told what another one has asked for',
      original: 'get(change)?.get(words);',
      replacement: 'get(change)?.values().next().value;',
    },
  ]),
  ...faultsIn('packages/consul/src/http/connection/send-answer.ts', [
    {
      name: 'a long list is worked out whether its client takes it or not',
      original: '      if (stream.isFull) await to.room();\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/consul/src/server/routing.ts', [
    {
      name: 'a server that does not lead answers who wants no old answer',
      original: 'maySettleHere: allowStale && this.',
      replacement: 'maySettleHere: this.',
    },
    {
      name: 'a change that may have been made is made again',
      original: '  return isRead || !error.wasSent;',
      replacement: '  return true;',
    },
  ]),
  ...faultsIn('packages/consul/src/server/follower-reads.ts', [
    {
      name: 'a follower answers for the leader although it has not applied all that the leader has',
      original: ' && consensus.appliedIndex >= lastIndex;',
      replacement: ';',
    },
    {
      name: 'a follower believes a server that does not lead',
      original: "lastContact === '0' && ",
      replacement: '',
    },
    {
      name: 'a follower believes a leader that has written nothing since its election',
      original: 'lastTerm === term && ',
      replacement: '',
    },
    {
      name: 'a follower answers consistently without a verified leader',
      original: 'if (isVerified) await',
      replacement: 'if (isVerified && term < 0) await',
    },
    {
      name: 'a follower and its leader are taken for a majority whoever else votes',
      original: 'const isVerified = isConsistent && !consensus.isMajorityWithLeader;',
      replacement: 'const isVerified = false;',
    },
    {
      name: 'a follower goes by the voters that it knew before it asked',
      original: '!isConsistent || isVerified || consensus.isMajorityWithLeader',
      replacement: 'true',
    },
    {
      name: 'a read that comes alone is forwarded',
      original: "resolve((askers > 1 || worth === 'alone') &&",
      replacement: 'resolve((askers > 1) &&',
    },
    {
      name: 'a leader that leads no more has its successor verified',
      original: '  allowStale: true,\n',
      replacement: '',
    },
    {
      name: 'a follower goes by what the leader of an earlier term said',
      original: 'consensus.term === term && ',
      replacement: '',
    },
    {
      name: 'a read shares a question that was asked before it came',
      original: '        this.#next = undefined;\n',
      replacement: '',
    },
    {
      name: 'a follower shows what the leader would show to those with a token only',
      original: '    if (store.tables.aclTokens.size > 0) return false;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/consul/src/server/raft-consensus.ts', [
    {
      name: 'a new leader tells followers no more than it knows to be committed',
      original: 'return { index: lastIndex, term: lastTerm };',
      replacement: 'return { index: this.#raft.state.commitIndex, term: lastTerm };',
    },
    {
      name: 'who has no vote counts for a majority',
      original: "filter(({ suffrage }) => suffrage === 'voter')",
      replacement: 'filter(() => true)',
    },
  ]),
  ...faultsIn('packages/consul/src/rpc/remote-caller.ts', [
    {
      name: 'a call that was given up never ends',
      original: '        reject(givenUp(true));\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/consul/src/server/leader/leadership.ts', [
    {
      name: 'a leader takes over before it knows what earlier ones have written',
      original: '    await consensus.barrier();\n',
      replacement: '',
    },
    {
      name: 'a new leader lets sessions live for ever',
      original:
        'for (const session of listSessions(store.tables, null).value) sessionTimers.restart(session);',
      replacement: '',
    },
    {
      name: 'who leads no more goes on ending sessions',
      original: '    this.#server.sessionTimers.stopAll();\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/consul/src/server/session-timers.ts', [
    {
      name: 'a session ends at half of its time',
      original: 'ttlMs * ttlMultiplier',
      replacement: 'ttlMs / ttlMultiplier',
    },
    {
      name: 'a renewed session ends when it would have ended without',
      original: '    this.#timers.get(id)?.cancel();\n    const timer',
      replacement: '    const timer',
    },
  ]),
  ...faultsIn('packages/consul/src/core/state/state-store.ts', [
    {
      name: 'a write wakes nobody',
      original: '    this.watchers.wake(transaction.changes);\n',
      replacement: '',
    },
    {
      name: 'whoever waits while the whole state is replaced waits on',
      original: '    this.watchers.wakeAll();\n',
      replacement: '',
    },
    {
      name: 'a state that was sent is not taken over',
      original: '    this.#tables = tables;\n    this.watchers',
      replacement: '    this.watchers',
    },
  ]),
  ...faultsIn('packages/consul/src/server/gossip/bootstrap-expect.ts', [
    {
      name: 'servers that begin a cluster write first entries of their own',
      original: 'servers.toSorted((a, b) => (a.id < b.id ? -1 : 1))',
      replacement: 'servers',
    },
  ]),
];
