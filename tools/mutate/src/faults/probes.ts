// Who is probed, how, and what the answers say about our own health. SWIM section 3.1, Lifeguard section
// IV-A.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of failure detection. */
export const probeFaults: readonly Fault[] = [
  ...faultsIn('packages/memberlist/src/core/probe.ts', [
    {
      name: 'a probe that nobody answers does not lead to a suspicion',
      original: '    applySuspect(this.#machine, this.#accusation());\n',
      replacement: '',
    },
    {
      name: 'a suspect is no longer probed',
      original: "return state !== 'dead' && state !== 'left' && !",
      replacement: "return state === 'alive' && !",
    },
    {
      name: 'a node that is alone looks for somebody to probe for ever',
      original: 'checked < table.size; ) {',
      replacement: '0 <= table.size; ) {',
      hangs: true,
    },
    {
      name: 'nobody is asked to probe indirectly',
      original: 'table.pick(config.indirectChecks, (node)',
      replacement: 'table.pick(0, (node)',
    },
    {
      name: 'a node that answers by stream alone is suspected',
      original: '    if (this.#reachedByStream) {',
      replacement: '    if (false as boolean) {',
    },
    {
      name: 'a suspect is probed without being told that it is suspected',
      original: "    if (node.state === 'alive' || !this.#machine.config.lifeguard.buddySystem) {",
      replacement: '    if (true as boolean) {',
    },
    {
      name: 'missing nacks are not held against our own health',
      original: 'Math.max(0, this.#nacksExpected - this.#nacks) : 1',
      replacement: '0 : 1',
    },
    {
      name: 'an answered probe does not improve our health',
      original: 'const successDelta = -1;',
      replacement: 'const successDelta = 0;',
    },
    {
      name: 'an accusation has the incarnation of now, not that of when the probe began',
      original: 'return { incarnation: this.#incarnation,',
      replacement: 'return { incarnation: this.#node.incarnation,',
    },
    {
      name: 'probes of a node in bad health are not slower',
      original: 'machine.awareness.scale(machine.config.probeIntervalMs)',
      replacement: 'machine.config.probeIntervalMs',
    },
    {
      name: 'the dead are never forgotten',
      original: 'return gone && nowMs - node.stateChangedAtMs > config.gossipToTheDeadMs;',
      replacement: 'return false;',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/awareness.ts', [
    {
      name: 'the health score has no limit',
      original: 'Math.min(this.#scoreLimit - 1, Math.max(0, this.#score + delta))',
      replacement: 'Math.max(0, this.#score + delta)',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/member-table.ts', [
    {
      name: 'every round of probes has the order of the round before',
      original: 'this.#store.swap(last, this.#random.below(last + 1));',
      replacement: ';',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/ack-handlers.ts', [
    {
      name: 'an answered ping times out all the same',
      original: '    waiting.answerIsLate.cancel();\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/answer-ping.ts', [
    {
      name: 'a ping that is meant for somebody else is answered',
      original: "if (ping.node !== '' && !machine.isSelf(ping.node)) {",
      replacement: 'if (false as boolean) {',
    },
    {
      name: 'a helper that gets no answer sends no nack',
      original: '      if (!request.nack) return;',
      replacement: '      return;',
    },
    {
      name: 'a helper forwards an answer under its own number, not the one of who asked',
      original: 'encodeAck(request.sequence, null)',
      replacement: 'encodeAck(sequence, null)',
    },
    {
      name: 'a helper never gets free again',
      original: '      machine.indirectProbes -= 1;\n      const ack',
      replacement: '      const ack',
    },
    {
      name: 'answers go to where the packet came from, whatever it says',
      original:
        'return host === undefined || ping.sourcePort === 0 ? from : { host, port: ping.sourcePort };',
      replacement: 'return from;',
    },
    {
      name: 'who was taken for dead and pings is not told so',
      original: "if (node?.state !== 'dead' && node?.state !== 'left') return [];",
      replacement: "if (node?.state !== 'left') return [];",
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/self-doubt.ts', [
    {
      name: 'who hears nobody never believes the silence',
      original: '  if (lastsMs >= patienceMs) return false;\n',
      replacement: '',
    },
    {
      name: 'who hears nobody doubts itself even among two others',
      original: 'return others.length >= othersMin;',
      replacement: 'return others.length >= 0;',
    },
    {
      name: 'who hears nobody accuses others all the same',
      original: 'if (!lifeguard.silence) return false;',
      replacement: 'if (lifeguard.silence) return false;',
    },
  ]),
];
