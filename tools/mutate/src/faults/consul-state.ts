// Consul's state: keys and locks, sessions, the catalog, who is woken, and what a snapshot keeps.

import { type Fault, faultsIn } from '../fault.ts';

const state = 'packages/consul/src/core/state';

/** Faults of Consul's state machine and of its snapshots. */
export const consulStateFaults: readonly Fault[] = [
  ...faultsIn(`${state}/key-values.ts`, [
    {
      name: 'a plain write takes a locked key from its session',
      original: "existing?.session ?? ''",
      replacement: "''",
    },
    {
      name: 'cas changes what has been changed since',
      original: 'return indexNow === entry.modifyIndex ? setKey',
      replacement: 'return indexNow >= entry.modifyIndex ? setKey',
    },
    {
      name: 'a lock is taken from who holds it',
      original: "  if (!isHolder && existing.session !== '') return undefined;\n",
      replacement: '',
    },
    {
      name: 'a lock is counted again when its holder acquires it again',
      original: 'isHolder ? existing.lockIndex : existing.lockIndex + 1',
      replacement: 'existing.lockIndex + 1',
    },
    {
      name: 'a session that is not there acquires a lock',
      original: 'if (transaction.tables.sessions.get(sessionKey) === undefined) {',
      replacement: "if (sessionKey === '') {",
    },
    {
      name: 'who does not hold a lock releases it',
      original: 'existing === undefined || existing.session !== entry.session) return undefined;',
      replacement: 'existing === undefined) return undefined;',
    },
    {
      name: 'a release forgets how often the key was locked',
      original: "storeKey(transaction, existing, entry, existing.lockIndex, '')",
      replacement: "storeKey(transaction, existing, entry, 0, '')",
    },
    {
      name: 'the same value written again moves the index of the key',
      original: '  if (existing?.isSame(row) === true) return existing;\n',
      replacement: '',
    },
    {
      name: 'a key that is written again looks as if it were new',
      original: 'existing?.createIndex ?? index',
      replacement: 'index',
    },
    {
      name: 'a deleted key leaves nothing behind, and the index of its prefix falls back',
      original: '  leaveTombstone(transaction, key);\n  transaction.remove(',
      replacement: '  transaction.remove(',
    },
    {
      name: 'a deleted tree leaves nothing behind',
      original: "if (prefix !== '') leaveTombstone(transaction, prefix);",
      replacement: "if (prefix === '') leaveTombstone(transaction, prefix);",
    },
    {
      name: 'tombstones of the index that is reaped stay',
      original: 'stone.index <= index',
      replacement: 'stone.index < index',
    },
  ]),
  ...faultsIn(`${state}/sessions.ts`, [
    {
      name: 'keys stay locked by a session that has ended',
      original:
        "for (const entry of keyValues.matching('session', key)) takeBack(transaction, session, entry);",
      replacement: 'void takeBack;',
    },
    {
      name: 'keys of a session that has ended can be locked at once',
      original:
        '  if (session.lockDelayNs > 0) transaction.lockDelaysNs.set(entry.key, session.lockDelayNs);\n',
      replacement: '',
    },
    {
      name: 'keys that are to go with their session stay',
      original: "  if (session.behavior === 'delete') deleteKey(transaction, entry.key);\n  else releaseKey",
      replacement: '  releaseKey',
    },
    {
      name: 'a session is bound to a check that is critical already',
      original: "  if (check.status === 'critical') throw new StateError(",
      replacement: "  if (check.status === '') throw new StateError(",
    },
    {
      name: 'checks of a session that has ended stay bound to it',
      original: "    transaction.remove('sessionChecks', sessionChecks.keyOf(row));\n",
      replacement: '',
    },
    {
      name: 'checks in the old field are not bound to a session',
      original: '...(checks ?? []), ...(nodeChecks ?? [])',
      replacement: '...(nodeChecks ?? [])',
    },
  ]),
  ...faultsIn(`${state}/lock-delays.ts`, [
    {
      name: 'a lock delay is as long as a client likes',
      original: 'Math.min(delayNs, delayMaxNs) / 1e6',
      replacement: 'delayNs / 1e6',
    },
  ]),
  ...faultsIn(`${state}/checks.ts`, [
    {
      name: 'a check that turns critical ends no session',
      original:
        "  if (check.status === 'critical') endSessionsOfCheck(transaction, check.node, check.checkId);\n",
      replacement: '',
    },
    {
      name: 'a check that is deregistered ends no session',
      original: "  transaction.touch('checks');\n  endSessionsOfCheck(",
      replacement: "  transaction.touch('checks');\n  if (checkId === '') endSessionsOfCheck(",
    },
    {
      name: 'a check that stays the same moves its index',
      original: 'isSame ? existing.modifyIndex : transaction.index',
      replacement: 'transaction.index',
    },
    {
      name: 'a check that changes does not move the index of its service',
      original: '  if (!isSame) touchServicesOf(transaction, check);\n',
      replacement: '',
    },
    {
      name: 'a check without a status is passing',
      original: "requested.status || 'critical'",
      replacement: "requested.status || 'passing'",
    },
  ]),
  ...faultsIn(`${state}/services.ts`, [
    {
      name: 'the index of a name that nobody has stays for ever',
      original: "  transaction.remove('indexes', nameKey(serviceIndexName(name)));\n",
      replacement: '',
    },
    {
      name: 'who waits for a service that vanishes is told an index of before',
      original: '  transaction.touch(extinctionIndexName);\n',
      replacement: '',
    },
    {
      name: 'checks of a service outlive it',
      original: '    deleteCheck(transaction, check.node, check.checkId);\n',
      replacement: '',
    },
    {
      name: 'a service that stays the same moves its index',
      original: '  if (existing !== undefined && sameRecord(existing.service, service)) return;\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${state}/nodes.ts`, [
    {
      name: 'the name of a node that lives is taken by another one',
      original: "if (serf === undefined || serf.status === 'critical') return;",
      replacement: 'if (serf === undefined || serf.status.length > 0) return;',
    },
    {
      name: 'a renamed node stays under its old name, too',
      original: '  if (sameId !== undefined) deleteNode(transaction, sameId.name);\n',
      replacement: '',
    },
    {
      name: 'sessions outlive their node',
      original: "  for (const { id } of sessions.matching('node', key)) endSession(transaction, id);\n",
      replacement: '',
    },
    {
      name: 'a node with another address does not move the index of its services',
      original: '  touchServicesOn(transaction, node.name);\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${state}/transaction.ts`, [
    {
      name: 'of an entry that fails some changes stay',
      original: 'this.changes.toReversed()',
      replacement: 'this.changes.slice(1).toReversed()',
    },
    {
      name: 'changes are taken back in the order in which they were made',
      original: 'this.changes.toReversed()',
      replacement: 'this.changes',
    },
  ]),
  ...faultsIn('packages/consul/src/core/commands/transaction.ts', [
    {
      name: 'of a transaction with a step that fails the others happen',
      original: '  transaction.undo();\n  return { results: null, errors };',
      replacement: '  return { results: null, errors };',
    },
  ]),
  ...faultsIn(`${state}/watchers.ts`, [
    {
      name: 'a query is woken again by every later change',
      original: '    for (const waiter of woken) this.#forget(waiter);\n',
      replacement: '',
    },
    {
      name: 'who waits for a prefix is not woken by keys below it',
      original: '      if (key !== undefined) this.#collectPrefixes(key, woken);\n',
      replacement: '',
    },
    {
      name: 'only the last of those who wait for one prefix is counted',
      original: '    if (waiters?.delete(waiter) !== true || waiters.size > 0) return false;',
      replacement: '    if (waiters?.delete(waiter) !== true) return false;',
    },
  ]),
  ...faultsIn(`${state}/topics.ts`, [
    {
      name: 'who waits for where a service was is not told that it has another name now',
      original: 'return [before, after].flatMap(',
      replacement: 'return [after ?? before].flatMap(',
    },
  ]),
  ...faultsIn(`${state}/queries/key-values.ts`, [
    {
      name: 'who waits for a key is not told that it was deleted',
      original: 'entry?.modifyIndex ?? tableIndex(tables)',
      replacement: 'entry?.modifyIndex ?? 0',
    },
    {
      name: 'who waits below an empty prefix sleeps on, though its index moves',
      original: '  watch?.add(topics.keyValues);\n',
      replacement: '',
    },
    {
      name: 'the index of a prefix does not know of deletions',
      original: 'index = Math.max(index, stone.index);',
      replacement: 'index = Math.max(index, 0 * stone.index);',
    },
  ]),
  ...faultsIn(`${state}/keys.ts`, [
    {
      name: 'keys are ordered by UTF-16',
      original: 'if (asciiOnly.test(text)) return text;',
      replacement: 'if (asciiOnly.test(text) || text.length > 0) return text;',
    },
  ]),
  ...faultsIn('packages/consul/src/core/snapshot/state-writer.ts', [
    {
      name: 'a snapshot has the indexes of tables only up to where it was written first',
      original: 'last = Math.max(last, value)',
      replacement: 'last = last || value',
    },
    {
      name: 'a snapshot forgets access control',
      original: '  yield* accessRecords(tables);\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/consul/src/core/snapshot/state-reader.ts', [
    {
      name: 'a restored session is not bound to its checks',
      original: 'return insertSession(new Transaction(tables, 0), decodeWhole(sessionCodec, body));',
      replacement: 'return void tables.sessions.put(decodeWhole(sessionCodec, body));',
    },
    {
      name: 'a snapshot that ends in the middle is a state',
      original: "if (this.#state !== 'type' || this.#objects.bufferedBytes > 0) {",
      replacement: "if (this.#state === 'header') {",
    },
  ]),
];
