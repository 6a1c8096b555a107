// Suspicions, deaths and how they are refuted. SWIM section 4.2, Lifeguard section IV-B.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of suspect and dead messages. */
export const accusationFaults: readonly Fault[] = [
  ...faultsIn('packages/memberlist/src/core/suspect.ts', [
    {
      name: 'a node that is suspected does not refute',
      original: '    refute(machine, known, suspect.incarnation);\n',
      replacement: '',
    },
    {
      name: 'a suspicion of an older incarnation counts',
      original: 'if (!known || suspect.incarnation < known.incarnation) return;',
      replacement: 'if (!known) return;',
    },
    {
      name: 'a suspicion is not passed on',
      original: '  broadcastSuspect(machine, suspect);\n  machine.runtime',
      replacement: '  machine.runtime',
    },
    {
      name: 'confirmations of a suspicion are not passed on',
      original: 'if (suspicion.confirm(suspect.from)) broadcastSuspect(machine, suspect, isBrief);',
      replacement: 'suspicion.confirm(suspect.from);',
    },
    {
      name: 'who is dead is suspected again',
      original: "  if (known.state !== 'alive') return;\n",
      replacement: '',
    },
    {
      name: 'a suspect keeps the incarnation it had before the suspicion',
      original: '  node.incarnation = suspect.incarnation;\n',
      replacement: '',
    },
    {
      name: 'confirmations are waited for where there are too few to confirm',
      original: 'table.size - 2 < wanted ? 0 : wanted',
      replacement: 'wanted',
    },
    {
      name: 'the time to refute does not grow with the cluster',
      original: 'suspicionTimeoutMs(config.suspicionMult, table.size,',
      replacement: 'suspicionTimeoutMs(config.suspicionMult, 1,',
    },
    {
      name: 'a suspicion that nobody refutes comes to nothing',
      original:
        'applyDead(machine, { incarnation: node.incarnation, node: node.name, from: machine.config.name });',
      replacement: '',
    },
    {
      name: 'a suspicion that expires in silence is carried out',
      original: '      if (doubtsItself(machine)) return suspicion.restart();\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/suspicion.ts', [
    {
      name: 'a confirmation does not shorten the time to refute',
      original:
        '    this.#suspicionExpires.cancel();\n' +
        '    this.#suspicionExpires = this.#expireAfter(this.#timeoutMs() - elapsedMs);\n',
      replacement: '',
    },
    {
      name: 'the old timer of a confirmed suspicion goes on as well',
      original: '    this.#suspicionExpires.cancel();\n    this.#suspicionExpires =',
      replacement: '    this.#suspicionExpires =',
    },
    {
      name: 'a suspicion begins anew with every confirmation',
      original: 'this.#timeoutMs() - elapsedMs',
      replacement: 'this.#timeoutMs()',
    },
    {
      name: 'one accuser confirms a suspicion as often as it likes',
      original: ' || this.#accusers.has(from)',
      replacement: '',
    },
    {
      name: 'a suspicion starts with its shortest time',
      original: '    if (confirmationsWanted < 1) return minMs;',
      replacement: '    if (confirmationsWanted < 1 || this.confirmations === 0) return minMs;',
    },
    {
      name: 'the time to refute shrinks evenly, not with the logarithm',
      original: 'Math.log(confirmations + 1) / Math.log(confirmationsWanted + 1)',
      replacement: 'confirmations / confirmationsWanted',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/dead.ts', [
    {
      name: 'a node that is said to be dead does not refute',
      original: '    refute(machine, known, dead.incarnation);\n',
      replacement: '',
    },
    {
      name: 'a death of an older incarnation counts',
      original: 'if (!known || dead.incarnation < known.incarnation) return;',
      replacement: 'if (!known) return;',
    },
    {
      name: 'the suspicion of who has died goes on',
      original: '  machine.suspicions.get(dead.node)?.cancel();\n  machine.suspicions.delete(dead.node);\n',
      replacement: '',
    },
    {
      name: 'who has died dies again with every message',
      original: "  if (known.state === 'dead' || known.state === 'left') return;\n",
      replacement: '',
    },
    {
      name: 'a goodbye is taken for a failure',
      original: "dead.node === dead.from ? 'left' : 'dead'",
      replacement: "'dead'",
    },
    {
      name: 'a death is not passed on',
      original: '  machine.broadcasts.queue({ message, name: known.name, finished });\n',
      replacement: '',
    },
    {
      name: 'a node that leaves refutes its own goodbye',
      original: 'machine.isSelf(known.name) && !machine.leaving',
      replacement: 'machine.isSelf(known.name)',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/accusation.ts', [
    {
      name: 'an accusation that no number is left to refute is believed',
      original: 'incarnation < incarnationMax && ',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/refute.ts', [
    {
      name: 'a refutation has the incarnation of the accusation',
      original: 'machine.nextIncarnation(accused)',
      replacement: 'Math.max(self.incarnation, accused)',
    },
    {
      name: 'a refutation is kept to oneself',
      original: '  broadcastAlive(machine, self, { name: self.host });\n',
      replacement: '',
    },
    {
      name: 'being accused is no sign of bad health',
      original: '  machine.awareness.apply(1);\n',
      replacement: '',
    },
  ]),
];
