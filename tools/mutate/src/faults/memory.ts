// What a node remembers: the snapshot over a restart, and where it is in the space of network coordinates.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of snapshots and coordinates. */
export const memoryFaults: readonly Fault[] = [
  ...faultsIn('packages/serf/src/core/snapshot.ts', [
    {
      name: 'a goodbye is not remembered, and the node rejoins',
      original: '    this.#file.append(leaveLine);\n',
      replacement: '',
    },
    {
      name: 'who is gone is remembered as alive',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source code
      original: '    this.#file.append(`not-alive: ${name}\\n`);\n',
      replacement: '',
    },
    {
      name: 'a line is added to a torn one',
      original: '    if (content.isTorn) this.#file.compact();',
      replacement: '   ',
    },
    {
      name: 'compaction forgets the clocks',
      original: "[...alive, leave, ...clocks].join('')",
      replacement: "[...alive, leave].join('')",
    },
    {
      name: 'compaction after a goodbye forgets the goodbye',
      original: "this.#isLeaving ? leaveLine : ''",
      replacement: "''",
    },
    {
      name: 'members that come and go after our goodbye are remembered',
      original: '    if (this.#isLeaving) return;\n',
      replacement: '',
    },
    {
      name: 'a member forges lines with its name',
      original: "      if (member.name.includes('\\n')) continue;",
      replacement: '     ',
    },
  ]),
  ...faultsIn('packages/serf/src/core/snapshot-replay.ts', [
    {
      name: 'a goodbye is read as if it were not there',
      original: '  replay.alive.clear();\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/serf.ts', [
    {
      name: 'after a restart events are told again',
      original: '    heardEvents.ignoreBefore(content.eventClock + 1);\n',
      replacement: '',
    },
    {
      name: 'after a restart the member clock begins anew',
      original: '    clocks.member.restore(content.clock);\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/rejoin.ts', [
    {
      name: 'a node that comes back tries one member only',
      original: 'if (joined === 0) return rejoinThrough(machine, nodes, at + 1);',
      replacement: 'if (joined === 0) return;',
    },
  ]),
  ...faultsIn('packages/serf/src/core/coordinate/client.ts', [
    {
      name: 'nothing holds the coordinates of a cluster near the origin',
      original: '    this.#updateGravity();\n',
      replacement: '',
    },
    {
      name: 'one slow answer moves a coordinate',
      original: 'return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? rttSeconds;',
      replacement: 'return rttSeconds;',
    },
    {
      name: 'a coordinate that is no number is believed',
      original: "    if (!isValid(other)) return { accepted: false, reason: 'coordinate is invalid' };\n",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/prune.ts', [
    {
      name: 'the latencies of who was forgotten are kept for ever',
      original: '  machine.coordinates?.client.forget(member.name);\n',
      replacement: '',
    },
  ]),
];
