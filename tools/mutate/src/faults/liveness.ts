// Who is believed to be alive, where, and what of it is taken over from others. SWIM section 4.2.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of alive messages, of merging states, of coming and going. */
export const livenessFaults: readonly Fault[] = [
  ...faultsIn('packages/memberlist/src/core/alive.ts', [
    {
      name: 'an alive message of an older incarnation is believed',
      original: ': alive.incarnation <= node.incarnation && !moves)',
      replacement: ': alive.incarnation === node.incarnation && !moves)',
    },
    {
      name: 'an alive message of the same incarnation ends a suspicion',
      original: ': alive.incarnation <= node.incarnation && !moves)',
      replacement: ': alive.incarnation < node.incarnation && !moves)',
    },
    {
      name: 'the suspicion of who has refuted goes on',
      original: '  machine.suspicions.get(node.name)?.cancel();\n  machine.suspicions.delete(node.name);\n',
      replacement: '',
    },
    {
      name: 'what others wrongly say about ourselves is believed',
      original: 'if (aboutSelf && !options.ownWord) refuteUnlessEcho(',
      replacement: 'if (false as boolean) refuteUnlessEcho(',
    },
    {
      name: 'the echo of our own word is refuted',
      original: '  if (same && alive.incarnation === self.incarnation) return;\n',
      replacement: '',
    },
    {
      name: 'an alive message is not passed on',
      original: '  machine.broadcasts.queue({ message, name: node.name, finished: options.finished });\n',
      replacement: '',
    },
    {
      name: 'a living node moves to any address that somebody names',
      original: '  if (moves && !mayMove(machine, known, address)) return;\n',
      replacement: '',
    },
    {
      name: 'who has left may not come back at another address',
      original: "if (node.state === 'left' || reclaimable) return true;",
      replacement: 'if (reclaimable) return true;',
    },
    {
      name: 'who leaves believes that it is alive again',
      original: '  if (machine.leaving && machine.isSelf(alive.node)) return;\n',
      replacement: '',
    },
    {
      name: 'any number of strangers is taken in',
      original: '(stranger && table.strangers >= config.limits.strangersMax)',
      replacement: '(false as boolean)',
    },
    {
      name: 'a node can be lifted to the highest incarnation, where it can refute nothing',
      original: '  if (!options.ownWord && isOutOfReach(machine, known, alive, options)) return;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/moved-node.ts', [
    {
      name: 'the name of who has left is taken over although it still answers',
      original: 'if (hasMoved) believe();',
      replacement: 'believe();',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/merge.ts', [
    {
      name: 'who is dead for somebody else is dead for us at once, and cannot refute',
      original: '    case nodeStates.dead:\n',
      replacement:
        '    case nodeStates.dead:\n' +
        '      return onDead(machine, { incarnation, node: name, from: machine.config.name });\n',
    },
    {
      name: 'who has left for somebody else is only suspected by us',
      original: 'return onDead(machine, { incarnation, node: name, from: name }, asked);',
      replacement: 'return onSuspect(machine, { incarnation, node: name, from: name }, asked);',
    },
    {
      name: 'a merge goes on although it was refused',
      original: '    if (veto !== undefined) return veto;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/push-pull.ts', [
    {
      name: 'only those alive are told in a push/pull',
      original: 'machine.table.nodes.map((node) => {',
      replacement: "machine.table.nodes.filter((node) => node.state === 'alive').map((node) => {",
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/inbound-stream.ts', [
    {
      name: 'who is asked for its state does not take over the one it was sent',
      original: 'yield* mergePushPull(this.#machine, remote, remote.join, false)',
      replacement: 'undefined as string | undefined',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/reach.ts', [
    {
      name: 'hearsay brings a node in one step to the end of its incarnations',
      original: 'return told <= Math.max(farthestJump, known + longestStep);',
      replacement: 'return told < incarnationMax || known >= incarnationMax - 1;',
    },
    {
      name: 'beyond half of all incarnations no refutation is believed',
      original: 'Math.max(farthestJump, known + longestStep)',
      replacement: 'farthestJump',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/second-opinion.ts', [
    {
      name: 'who is in doubt asks nobody',
      original: '    if (partner) pushPullWith(machine, partner, false, () => {});',
      replacement:
        "    if (!partner) pushPullWith(machine, { name: '', host: '', port: 0 }, false, () => {});",
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/stream-input.ts', [
    {
      name: 'who hangs up behind a long list has said nothing',
      original: 'if (this.#nextStep) this.#afterwards.push(act);',
      replacement: 'if (this.#isOver) this.#afterwards.push(act);',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/turns.ts', [
    {
      name: 'a node that stops goes on with what it was merging',
      original: '    this.#next?.cancel();\n    this.#waiting.length = 0;\n',
      replacement: '',
    },
    {
      name: 'of a long list only the beginning is merged',
      original: '    if (this.#waiting.length > 0) this.#step();\n',
      replacement: '    this.#waiting.length = 0;\n',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/leave.ts', [
    {
      name: 'a node leaves without a goodbye',
      original: 'applyDead(machine, goodbye, finished)',
      replacement: 'finished()',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/update-node.ts', [
    {
      name: 'new tags are told under the old incarnation',
      original: 'incarnation: machine.nextIncarnation()',
      replacement: 'incarnation: self.incarnation',
    },
  ]),
];
