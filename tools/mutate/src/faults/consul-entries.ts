// What a leader writes that few clients ask for: queries, ACLs, the mesh, commands in parts; and what a store
// does to a server.

import { type Fault, faultsIn } from '../fault.ts';

const core = 'packages/consul/src/core';

/** The faults. */
export const consulEntriesFaults: readonly Fault[] = [
  ...faultsIn(`${core}/state/chunks.ts`, [
    {
      name: 'a leader completes the command that another one has begun',
      original: 'if (set.term !== term) forget(transaction, set);',
      replacement: 'if (set.term > term) forget(transaction, set);',
    },
    {
      name: 'parts that nobody completes are kept for ever',
      original: 'if (bytes > waitingBytesMax) for',
      replacement: 'if (bytes === -1) for',
    },
  ]),
  ...faultsIn(`${core}/commands/command-entries.ts`, [
    {
      name: 'all large commands are cut, not only those for keys',
      original: "command.length <= entryBytesMax || commandType(command) !== 'keyValue'",
      replacement: "command.length <= entryBytesMax || commandType(command) === 'session'",
    },
  ]),
  ...faultsIn(`${core}/wire/chunks.ts`, [
    {
      name: 'the first part of a command says its number, zero, which the original leaves out',
      original: 'if (value !== 0n) bytes.push',
      replacement: 'if (value >= 0n) bytes.push',
    },
  ]),
  ...faultsIn(`${core}/state/acl-tokens.ts`, [
    {
      name: 'a token is set though it has changed since it was read',
      original: 'if (setting.cas && requested.modifyIndex !== (original?.modifyIndex ?? 0)) return;',
      replacement: 'if (setting.cas && requested.modifyIndex < (original?.modifyIndex ?? 0)) return;',
    },
    {
      name: 'ACLs can be bootstrapped again and again',
      original: "    if (resetIndex === 0) throw new StateError('ACL bootstrap no longer allowed');\n",
      replacement: '    if (resetIndex === 0) return;\n',
    },
    {
      name: 'a method that is deleted takes tokens of other datacenters along',
      original: 'if (token.local !== isGlobal) forgetToken(transaction, token);',
      replacement: 'forgetToken(transaction, token);',
    },
  ]),
  ...faultsIn(`${core}/state/prepared-queries.ts`, [
    {
      name: 'a query may have the name of another one',
      original: "if (queries.matching('name', nameKey(name)).some((other) => queries.keyOf(other) !== key))",
      replacement: "if (queries.matching('name', name).some((other) => queries.keyOf(other) !== key))",
    },
  ]),
  ...faultsIn(`${core}/state/mesh-records.ts`, [
    {
      name: 'a record that is changed counts as new',
      original: "const createIndex = existing?.fields.get('CreateIndex') ?? modifyIndex;",
      replacement: 'const createIndex = existing === undefined ? modifyIndex : modifyIndex;',
    },
  ]),
  ...faultsIn(`${core}/state/certificate-authority.ts`, [
    {
      name: 'roots are replaced though others have been set meanwhile',
      original: 'if (maxIndex(tables, rootsIndex) !== index) return false;',
      replacement: 'if (maxIndex(tables, rootsIndex) > 2 ** 40) return false;',
    },
  ]),
  ...faultsIn(`${core}/snapshot/state-writer.ts`, [
    {
      name: 'a snapshot forgets binding rules',
      original: '  for (const rule of tables.aclBindingRules.values())\n    yield',
      replacement: "  for (const rule of tables.aclBindingRules.matching('authMethod', ''))\n    yield",
    },
  ]),
  ...faultsIn('packages/consul/src/server/routing.ts', [
    {
      name: 'a leader of milliseconds answers before it knows what was written before it',
      original: 'if (server.consensus.hasCaughtUp) return here(request, signal);',
      replacement: 'if (server.consensus.isLeader) return here(request, signal);',
    },
  ]),
  ...faultsIn('packages/raft/src/core/raft.ts', [
    {
      name: 'a snapshot counts as applied before it is restored',
      original: '    this.#restoring = this.#restore;\n',
      replacement:
        '    this.#restoring = this.#restore;\n    this.state.appliedIndex = this.#restore.index;\n',
    },
  ]),
  ...faultsIn('packages/raft/src/storage/directory-lock.ts', [
    {
      name: 'two processes write one log',
      original: 'if (status === 1) {',
      replacement: 'if (status === 2) {',
    },
  ]),
];
