// What servers of a Raft cluster owe each other besides entries: states as a whole, who belongs to the
// cluster, who leads next; and what is believed of files and connections.

import { type Fault, faultsIn } from '../fault.ts';

const core = 'packages/raft/src/core';

const states: readonly Fault[] = [
  ...faultsIn(`${core}/install-snapshot.ts`, [
    {
      name: 'a state that is sent does not bring its configuration',
      original: '  state.membership = new Membership(snapshot.configuration, snapshot.configurationIndex);\n',
      replacement: '',
    },
    {
      name: 'of the configurations behind a state that is sent nothing is known',
      original: '    if (entry !== undefined) state.membership.onAppended(entry);\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${core}/append-entries.ts`, [
    {
      name: 'entries that are in a snapshot already are taken for new ones',
      original: 'if (entry.index <= state.commitIndex || log.termAt(',
      replacement: 'if (log.termAt(',
    },
  ]),
  ...faultsIn(`${core}/compaction.ts`, [
    {
      name: 'a snapshot of our own takes the place of a newer one that the leader sent',
      original: '  if (snapshot.index <= state.log.snapshot.index) return;',
      replacement: '',
    },
    {
      name: 'a snapshot says who belonged to the cluster later',
      original: ' || membership.committedIndex > appliedIndex) return undefined;',
      replacement: ') return undefined;',
    },
    {
      name: 'a snapshot has a configuration that may never be committed',
      original:
        '    configuration: membership.committed,\n    configurationIndex: membership.committedIndex,',
      replacement: '    configuration: membership.latest,\n    configurationIndex: membership.latestIndex,',
    },
  ]),
  ...faultsIn('packages/raft/src/snapshots.ts', [
    {
      name: 'what an operator restores gets indexes that there were before',
      original: 'index: Math.max(state.log.lastIndex, indexMin) + 1,',
      replacement: 'index: indexMin + 1,',
    },
    {
      name: 'clients see indexes fall when a state of another cluster is restored',
      original: 'index: Math.max(state.log.lastIndex, indexMin) + 1,',
      replacement: 'index: state.log.lastIndex + 1,',
    },
    {
      name: 'a state that came too late is kept as if it had been taken over',
      original: '            if (raft.state.snapshot === request.snapshot) return end();\n',
      replacement: '            if (raft.state.term > 0) return end();\n',
    },
    {
      name: 'who leads no more restores what an operator wants all the same',
      original: 'if (state.leadership !== leadership) return store.forget(',
      replacement: 'if (state.term < 0) return store.forget(',
    },
    {
      name: 'while the configuration changes a state can be restored',
      original: "if (!membership.isStable) return finish(failure('configuration', unstable('restore', ",
      replacement: "if (state.term < 0) return finish(failure('configuration', unstable('restore', ",
    },
  ]),
  ...faultsIn('packages/raft/src/driver.ts', [
    {
      name: 'what is written while an operator restores a state is lost with the old one',
      original: 'while (!this.#pending.isFull && !this.#isRestoring) {',
      replacement: 'while (!this.#pending.isFull) {',
    },
    {
      name: 'a log that begins behind what its snapshot has is gone on with',
      original: '    requireNoGap(store, latest?.index ?? 0);\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/snapshot-store.ts', [
    {
      name: 'a new snapshot takes the place of the newest one, not of the oldest',
      original: 'const oldest = this.#newestFirst().at(-1);',
      replacement: 'const oldest = this.#newestFirst().at(0);',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/incoming-snapshot.ts', [
    {
      name: 'a snapshot that was given up empties the file of the one after it',
      original: 'if (this.#begun === number) this.',
      replacement: 'this.',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/open-snapshot.ts', [
    {
      name: 'an archive is made of a snapshot that is not as it was written',
      original: 'return isWhole && this.#checksum !== this.#expected ? this.#refuse() : piece;',
      replacement: 'return isWhole && this.#checksum < 0 ? this.#refuse() : piece;',
    },
  ]),
];

const memberships: readonly Fault[] = [
  ...faultsIn(`${core}/configuration-change.ts`, [
    {
      name: 'a change that was meant for an earlier configuration is made',
      original: 'if (prevIndex > 0 && prevIndex !== currentIndex) {',
      replacement: 'if (prevIndex > currentIndex) {',
    },
    {
      name: 'who votes and is added once more without a vote loses it',
      original: "?.suffrage ?? 'nonvoter';",
      replacement: "?.suffrage ? 'nonvoter' : 'nonvoter';",
    },
  ]),
  ...faultsIn(`${core}/configuration.ts`, [
    {
      name: 'the last voter can be removed',
      original: '  if (votersOf(configuration).length > 0) return undefined;\n',
      replacement: '  if (votersOf(configuration).length >= 0) return undefined;\n',
    },
    {
      name: 'two servers may have one address',
      original: 'if (addresses.has(address)) return',
      replacement: "if (addresses.has('')) return",
    },
  ]),
  ...faultsIn(`${core}/membership.ts`, [
    {
      name: 'of two configurations behind each other the older one does not count as committed',
      original: '    this.#committedIndex = this.#latestIndex;\n    this.#latest = configuration;',
      replacement: '    this.#committed = configuration;\n    this.#latest = configuration;',
    },
  ]),
  ...faultsIn('packages/raft/src/driver.ts', [
    {
      name: 'a change of the configuration waits longer than for the one before',
      original: ' || !this.#changes.isEmpty) this.#wake();',
      replacement: ') this.#wake();',
    },
    {
      name: 'who wants to change the configuration of a server that does not lead is never told so',
      original: '(this.#raft.canChangeConfiguration || !isLeader)',
      replacement: 'this.#raft.canChangeConfiguration && isLeader',
    },
  ]),
  ...faultsIn('packages/raft/src/recovery.ts', [
    {
      name: 'of servers that an operator recovers any may win, whatever its log has',
      original: '(store.read(store.lastIndex)?.term ?? 0);',
      replacement: '(store.read(store.lastIndex)?.term ?? 0) + store.hardState.term;',
    },
  ]),
];

const leaders: readonly Fault[] = [
  ...faultsIn(`${core}/follow.ts`, [
    {
      name: 'a candidate goes on although another one has won its term',
      original: "if (term > state.term || state.role !== 'follower') becomeFollower(",
      replacement: 'if (term > state.term) becomeFollower(',
    },
    {
      name: 'who has just led says that it has never heard of a leader',
      original: '    state.lastContactMs = state.now; // until now nothing here was stale\n',
      replacement: '',
    },
    {
      name: 'a leader that was suspected is never trusted again',
      original: '  state.isLeaderSuspected = false;\n  state.quickElections = 0;',
      replacement: '  state.quickElections = 0;',
    },
  ]),
  ...faultsIn(`${core}/request-vote.ts`, [
    {
      name: 'who has voted asks for votes itself as soon as if it had not',
      original: '  state.setHardState(term, candidate);\n  expectLeader(state);',
      replacement: '  state.setHardState(term, candidate);',
    },
  ]),
  ...faultsIn(`${core}/heartbeats.ts`, [
    {
      name: 'a lease lasts as long as its leader asks, whoever answers',
      original: '  follower.roundAsked = leadership.round;\n',
      replacement: '  follower.roundAsked = leadership.round;\n  follower.lastContactMs = state.now;\n',
    },
    {
      name: 'who asks whether we still lead waits for the heartbeats that are due anyway',
      original: 'const isWanted = isTime || follower.roundAsked < leadership.round;',
      replacement: 'const isWanted = isTime;',
    },
  ]),
  ...faultsIn(`${core}/verify-leader.ts`, [
    {
      name: 'who asks later is confirmed with those before him',
      original: 'verifications.splice(0, open < 0 ? verifications.length : open)',
      replacement: 'verifications.splice(0, open === 0 ? 0 : verifications.length)',
    },
  ]),
  ...faultsIn(`${core}/leadership-transfer.ts`, [
    {
      name: 'a leader whose successor does not come takes no entries for ever',
      original: 'state.now < transfer.endsAtMs) return false;',
      replacement: 'state.now < transfer.endsAtMs || transfer.isAsked) return false;',
    },
    {
      name: 'a leader hands over to a server that has no vote',
      original: 'votersOf(state.membership.latest).filter(',
      replacement: 'state.membership.latest.servers.filter(',
    },
    {
      name: 'a leader hands over to the server that lacks most',
      original: 'matchOf(b.id) - matchOf(a.id)',
      replacement: 'matchOf(a.id) - matchOf(b.id)',
    },
  ]),
];

const connections: readonly Fault[] = [
  ...faultsIn('packages/raft/src/transport/inbound.ts', [
    {
      name: 'a connection may bring any number of questions before one is answered',
      original: 'this.#isKeeping || this.#slots.length >= slotsMax ||',
      replacement: 'this.#isKeeping ||',
    },
    {
      name: 'a message that does not end is waited for as long as its connection lives',
      original: 'if (isTheirTurn && isStillPartial) this.refuse(',
      replacement: 'if (isTheirTurn && isStillPartial && this.#isGone) this.refuse(',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/log-recovery.ts', [
    {
      name: 'a write that is missing between two files of the log is not missed',
      original: "    if (!isNext) this.#fail(path, 'writes before it are missing');\n    return isNext;",
      replacement: '    return isNext || this.#index.number > 0;',
    },
    {
      name: 'a file of the log whose removal a crash has undone makes the log unreadable',
      original: 'last - number === numbers.length - 1 - at',
      replacement: 'last - number >= numbers.length - 1 - at',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/segment-content.ts', [
    {
      name: 'a torn write is written over without being blanked first',
      original: '  return { frames, end, remainsEnd, blankEnd, isSealed };',
      replacement: '  return { frames, end, remainsEnd: end, blankEnd, isSealed };',
    },
  ]),
];

/** The faults. */
export const raftServersFaults: readonly Fault[] = [...states, ...memberships, ...leaders, ...connections];
