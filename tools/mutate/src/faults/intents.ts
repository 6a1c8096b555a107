// Lamport clocks, who means to leave, and what becomes of those who are gone.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of serf's membership. */
export const intentFaults: readonly Fault[] = [
  ...faultsIn('packages/serf/src/core/lamport-clock.ts', [
    {
      name: 'a clock goes back when it sees an earlier time',
      original: 'if (seen >= this.#time) this.#time =',
      replacement: 'this.#time =',
    },
    {
      name: 'a clock never gets past a time it has seen',
      original: 'Math.min(seen + 1, lamportTimeMax)',
      replacement: 'Math.min(seen, lamportTimeMax)',
    },
  ]),
  ...faultsIn('packages/serf/src/core/join-intent.ts', [
    {
      name: 'a join intent older than the status counts',
      original: '  if (lTime <= known.statusLTime) return false;\n',
      replacement: '',
    },
    {
      name: 'a member that says it stays is leaving all the same',
      original: "  if (state.member.status === 'leaving') members.setStatus(state, 'alive', heardAtMs);\n",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/leave-intent.ts', [
    {
      name: 'a leave intent older than the status counts',
      original: '  if (lTime <= known.statusLTime) return false;\n',
      replacement: '',
    },
    {
      name: 'a member that is said to leave does not refute',
      original: '    broadcastJoin(machine);\n',
      replacement: '',
    },
    {
      name: 'a leave intent that changes no status is passed on for ever',
      original: '  state.statusLTime = lTime;\n',
      replacement: '',
    },
    {
      name: 'a failed member that turns out to have left stays failed',
      original: "  else if (state.member.status === 'failed') declareLeft(machine, state);\n",
      replacement: '',
    },
    {
      name: 'a leave intent at the end of time is believed',
      original: '  if (!witnessTime(machine, clocks.member, lTime, ',
      replacement: '  if (!witnessTime(machine, clocks.member, 0, ',
    },
  ]),
  ...faultsIn('packages/serf/src/core/recent-intents.ts', [
    {
      name: 'an intent about somebody unknown is passed on every time it is heard',
      original: '    if (known !== undefined && intent.lTime <= known.lTime) return false;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/node-events.ts', [
    {
      name: 'a leave intent that came before its member is forgotten',
      original: "rumour?.kind === 'leave' ? 'leaving' : 'alive'",
      replacement: "(rumour?.kind === 'leave' ? 'alive' : 'alive') as MemberStatus",
    },
    {
      name: 'who goes after saying so has failed',
      original: "const hasLeft = before === 'leaving';",
      replacement: 'const hasLeft = false as boolean;',
    },
  ]),
  ...faultsIn('packages/serf/src/core/overdue-leave.ts', [
    {
      name: 'a member that is said to leave, and stays, is leaving for ever',
      original: "    machine.members.setStatus(state, 'alive', machine.runtime.clock.now());\n",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/reconnect.ts', [
    {
      name: 'failed members are never tried again',
      original: '  gossip.join([memberAddress(member.name, address)], () => {});',
      replacement: ' ',
    },
  ]),
  ...faultsIn('packages/serf/src/core/reap.ts', [
    {
      name: 'who has failed is kept no longer than who has left',
      original: "member.status === 'failed' ? config.reconnectTimeoutMs : config.tombstoneTimeoutMs",
      replacement: 'config.tombstoneTimeoutMs',
    },
  ]),
  ...faultsIn('packages/serf/src/core/name-conflict.ts', [
    {
      name: 'of two nodes with one name the one with half of the votes stays',
      original: 'Math.floor(responses / 2) + 1',
      replacement: 'Math.ceil(responses / 2)',
    },
    {
      name: 'who has the name in question votes, too',
      original: '  if (name === machine.name) return;\n',
      replacement: '',
    },
  ]),
];
