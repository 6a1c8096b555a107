// What others may make a server hold.

import { type Fault, faultsIn } from '../fault.ts';

/** The faults. */
export const boundsFaults: readonly Fault[] = [
  ...faultsIn('packages/raft/src/transport/receive-budget.ts', [
    {
      name: 'strangers use up what servers may take',
      original: 'return held > 0 && !this.#isServer(host) && this.#strangersBytes > clientBytesMax;',
      replacement: 'return held > 0 && this.#strangersBytes > clientBytesMax;',
    },
    {
      name: 'each stranger may take as much as all together',
      original: 'if (!this.#isServer(host)) bytes += held;',
      replacement: 'if (!this.#isServer(host)) bytes = held;',
    },
  ]),
  ...faultsIn('packages/raft/src/transport/transport.ts', [
    {
      name: 'a stranger’s snapshot takes the place of a server’s',
      original: 'return isServer(next) === isServer(before) ?',
      replacement: 'return isServer(next) !== isServer(before) || isServer(next) ?',
    },
  ]),
  ...faultsIn('packages/raft/src/snapshots.ts', [
    {
      name: 'a snapshot that is no state is kept',
      original: 'done(next.ok ? { ok: true, value: next.value.value as Outcome } : next);',
      replacement: 'done({ ok: true, value: (next.ok ? next.value.value : () => {}) as Outcome });',
    },
    {
      name: 'a state of somebody else is read as if it were our own',
      original: 'this.#read(received.value, false, (read) => {',
      replacement: 'this.#read(received.value, true, (read) => {',
    },
  ]),
  ...faultsIn('packages/consul/src/core/snapshot/state-reader.ts', [
    {
      name: 'a state has any number of values',
      original: 'if (this.#objects.values > this.#valuesMax) throw tooMuch(this.#valuesMax);',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/consul/src/rpc/snapshot/snapshot-call.ts', [
    {
      name: 'a follower takes an archive faster than the leader',
      original: 'if (this.#stream.isFull && !this.#isOver) await this.#taken();',
      replacement: '',
      hangs: true,
    },
  ]),
  ...faultsIn('packages/raft/src/transport/inbound.ts', [
    {
      name: 'questions that are answered at once nest',
      original: 'if (this.#isGoingOn) return;',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/consul/src/server/apply.ts', [
    {
      name: 'what nobody can read gets into the log',
      original: '  decodeCommand(bytes);',
      replacement: '  void decodeCommand;',
    },
  ]),
  ...faultsIn('packages/consul/src/clients/share.ts', [
    {
      name: 'a client has no bound of its own',
      original: 'return this.#held > this.#max ||',
      replacement: 'return',
    },
  ]),
];
