// What clients of an agent are told: answers that were kept, for DNS and for ?cached; how stale they are; and
// what clients may take of a server.

import { type Fault, faultsIn } from '../fault.ts';

const source = 'packages/consul/src';

/** The faults. */
export const consulAnswersFaults: readonly Fault[] = [
  ...faultsIn(`${source}/dns/current-answers.ts`, [
    {
      name: 'DNS answers for a minute with what has changed',
      original:
        'void rescued(() => soon(this.#caller.call(method, wait, waiting.signal), onSettled), onSettled);',
      replacement:
        'void rescued(() => soon(this.#caller.call(method, wait, waiting.signal), () => {}), onSettled);',
    },
    {
      name: 'DNS answers as before although the server that was asked is lost',
      original: 'waiting.signal), onSettled), onSettled);',
      replacement: 'waiting.signal), onSettled), () => {});',
    },
    {
      name: 'any number of answers of DNS is kept',
      original: 'if (this.#kept.size >= keptMax) this.',
      replacement: 'if (this.#kept.size > keptMax ** 2) this.',
    },
  ]),
  ...faultsIn(`${source}/dns/catalog.ts`, [
    {
      name: 'what DNS does not find is kept',
      original: 'if (mayKeep && isFound(answer)) this.',
      replacement: 'if (mayKeep) this.',
    },
    {
      name: 'DNS answers with what is staler than its operator allows',
      original: 'if (allowStale && ageMs > maxStaleMs) {',
      replacement: 'if (allowStale && ageMs > Number.POSITIVE_INFINITY) {',
    },
    {
      name: 'DNS keeps answers although its operator wants no old ones',
      original: 'allowStale && maxStaleMs >= keepableStaleMs && ',
      replacement: 'allowStale && ',
    },
    {
      name: 'who asks DNS for instances with a tag gets those with another one',
      original: 'const key = this.#keys.of(form, () => ',
      replacement: 'const key = this.#keys.of(form, () => service || ',
    },
  ]),
  ...faultsIn(`${source}/dns/known-queries.ts`, [
    {
      name: 'a question to DNS that was asked before is answered under the number of then',
      original: 'header: { ...known.header, id } };',
      replacement: 'header: { ...known.header } };',
    },
  ]),
  ...faultsIn(`${source}/http/agent-cache.ts`, [
    {
      name: 'a cached answer does not say that the servers are lost',
      original: '        entry.lostAt ??= clock.now(); //',
      replacement: '        //',
    },
    {
      name: 'a cached answer says that the servers are lost though they are back',
      original: '        entry.lostAt = undefined;\n',
      replacement: '',
    },
    {
      name: 'who waits for a cached answer is not told of another one',
      original: '        else for (const look of [...entry.waiting]) look();\n',
      replacement: '',
    },
    {
      name: 'who asks for something else gets the cached answer of another question',
      original: '    const key = ',
      replacement: '    const key = method.name || ',
    },
    {
      name: 'an answer that could not be had is cached',
      original: '    begun.catch(() => this.#entries.delete(key)); //',
      replacement: '    begun.catch(() => {}); //',
    },
    {
      name: 'a cached answer that nobody waits for is younger than it is',
      original: ' || (maxAgeNs > 0 && ageMs > maxAgeNs / nsPerMs);',
      replacement: ';',
    },
  ]),
  ...faultsIn(`${source}/http/ask.ts`, [
    {
      name: 'an answer may be staler than ?max_stale allows',
      original: 'return allowStale && maxStaleNs > 0 && maxStaleNs < lastContactNs;',
      replacement: 'return allowStale && maxStaleNs > 0 && lastContactNs < 0;',
    },
  ]),
  ...faultsIn(`${source}/server/blocking-query.ts`, [
    {
      name: 'a follower says that its answers are as the leader has them',
      original: 'lastContactNs: consensus.isLeader ? 0 :',
      replacement: 'lastContactNs: consensus.term > 0 ? 0 :',
    },
    {
      name: 'a server that has lost its leader says that there is one',
      original: "knownLeader: consensus.isLeader || consensus.leaderAddress !== '',",
      replacement: 'knownLeader: true,',
    },
    {
      name: 'a query waits as long as its client likes',
      original: 'Math.min(asked, settings.maxQueryTimeMs)',
      replacement: 'asked',
    },
    {
      name: 'who gives up waiting leaves his query behind',
      original: '    forget();\n    settle(undefined);',
      replacement: '    settle(undefined);',
    },
    {
      name: 'who was woken for nothing is told so',
      original: 'return this.#isNews(found) ? found : this.#look();',
      replacement: 'return found;',
    },
  ]),
  ...faultsIn(`${source}/core/state/state-store.ts`, [
    {
      name: 'an entry that fails leaves what it had changed before',
      original: '      transaction.undo();\n      throw error;',
      replacement: '      throw error;',
    },
    {
      name: 'no lock is delayed',
      original:
        '    for (const [key, delayNs] of transaction.lockDelaysNs) this.lockDelays.begin(key, delayNs);\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${source}/server/endpoints/kvs.ts`, [
    {
      name: 'a key is locked during its delay',
      original: "if (operation === 'lock' && isDelayed(server, entry.key)) return false;",
      replacement: '',
    },
  ]),
  ...faultsIn(`${source}/server/endpoints/txn.ts`, [
    {
      name: 'a transaction locks a key during its delay',
      original: "if (keyValue.verb === 'lock') refuseDelayed(server, keyValue.entry.key);",
      replacement: '',
    },
  ]),
  ...faultsIn(`${source}/core/state/lock-delays.ts`, [
    {
      name: 'a lock whose session ended twice is free after the first delay',
      original: '    this.#endsAtMs.delete(key); // to the end of the order, whatever was there\n',
      replacement: '    if (this.#endsAtMs.has(key)) return;\n',
    },
  ]),
  ...faultsIn(`${source}/core/state/transaction.ts`, [
    {
      name: 'an entry that was undone delays locks all the same',
      original: '    this.lockDelaysNs.clear();\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${source}/clients/clients.ts`, [
    {
      name: 'a client has as many connections as it likes',
      original: '    if (client.connections >= this.connectionsMax) return undefined;\n',
      replacement: '',
    },
    {
      name: 'connections that are gone count',
      original: '      client.connections--;\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${source}/clients/share.ts`, [
    {
      name: 'who has next to nothing gets nothing when others have too much',
      original: '(this.#held > this.#fair && this.#all?.isExceeded === true)',
      replacement: 'this.#all?.isExceeded === true',
    },
  ]),
  ...faultsIn(`${source}/rpc/server-port.ts`, [
    {
      name: 'who does not take what we answer may go on asking',
      original: '    if (this.#stream.isFull) this.#stream.pause();\n',
      replacement: '',
    },
    {
      name: 'a connection may be silent for as long as it likes',
      original: "      this.#refuse('failed to read byte', 'no first byte in time');\n",
      replacement: '',
    },
  ]),
  ...faultsIn(`${source}/rpc/counted-stream.ts`, [
    {
      name: 'what a client has not taken counts for ever',
      original: '    this.budget.answers.change(-this.#queuedBytes);\n',
      replacement: '',
    },
    {
      name: 'a connection that is gone keeps what it held',
      original: '  release(): void {\n    this.onTaken();\n',
      replacement: '  release(): void {\n',
    },
  ]),
  ...faultsIn(`${source}/rpc/net-rpc/served-stream.ts`, [
    {
      name: 'a client may leave any number of requests behind one that waits',
      original: 'if (this.#isHeldUp && this.#objects.bufferedBytes > requestBytesMax) {',
      replacement: 'if (this.#isHeldUp && this.#objects.bufferedBytes < 0) {',
    },
    {
      name: 'who goes away is answered all the same',
      original: '    this.#giveUp?.();\n    this.#giveUp = undefined;\n  }',
      replacement: '    this.#giveUp = undefined;\n  }',
    },
    {
      name: 'requests of one stream are served side by side',
      original: 'return this.#isServing || this.#stream.isFull;',
      replacement: 'return this.#stream.isFull;',
    },
  ]),
  ...faultsIn(`${source}/rpc/limited-caller.ts`, [
    {
      name: 'who called seldom may call any number of times at once',
      original: 'Math.min(burstMax, this.#left + ((nowMs - this.#atMs) * rate) / msPerSecond)',
      replacement: 'this.#left + ((nowMs - this.#atMs) * rate) / msPerSecond',
    },
  ]),
];
