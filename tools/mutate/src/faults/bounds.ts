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
      original: 'return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };',
      replacement: 'return { ok: true, value: () => void error };',
    },
  ]),
  ...faultsIn('packages/consul/src/server/apply.ts', [
    {
      name: 'what nobody can read gets into the log',
      original: '  decodeCommand(bytes);',
      replacement: '  void decodeCommand;',
    },
  ]),
  ...faultsIn('packages/consul/src/share.ts', [
    {
      name: 'a client has no bound of its own',
      original: 'return this.#held > this.#max ||',
      replacement: 'return',
    },
  ]),
];
