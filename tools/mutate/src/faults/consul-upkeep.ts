// What leaders and agents of Consul do by themselves: autopilot, members in the catalog, tombstones, sessions
// whose time is over, checks, and the way of an agent's own into the catalog.

import { type Fault, faultsIn } from '../fault.ts';

const server = 'packages/consul/src/server';
const local = 'packages/consul/src/local';

const leaders: readonly Fault[] = [
  ...faultsIn(`${server}/leader/dead-servers.ts`, [
    {
      name: 'autopilot removes a majority of the voters at once',
      original: 'if (dead > Math.trunc((voters - 1) / 2)) {',
      replacement: 'if (dead > voters) {',
    },
    {
      name: 'autopilot removes half of an even number of voters at once',
      original: 'if (dead > Math.trunc((voters - 1) / 2)) {',
      replacement: 'if (dead > voters / 2) {',
    },
    {
      name: 'autopilot removes servers below the least quorum',
      original: 'if (voters - dead < minQuorum) {',
      replacement: 'if (voters < minQuorum) {',
    },
    {
      name: 'autopilot takes a server that gossip knows for a stale one',
      original: '    stale.delete(address);\n',
      replacement: '',
    },
    {
      name: 'that a server failed which never voted counts against the voters',
      original: '(peer?.isVoter === false ? nonvoters : failed).push',
      replacement: '(peer === undefined ? nonvoters : failed).push',
    },
  ]),
  ...faultsIn(`${server}/leader/health-watch.ts`, [
    {
      name: 'a server that was ill for a while counts as stable since before',
      original: 'if (known?.isHealthy === healthy) return [id, known];',
      replacement: 'if (known !== undefined) return [id, { ...known, isHealthy: healthy }];',
    },
  ]),
  ...faultsIn(`${server}/leader/autopilot.ts`, [
    {
      name: 'a server votes as soon as it is healthy once',
      original: ' && healthyForMs >= stableForMs;',
      replacement: ' && stableForMs >= 0;',
    },
    {
      name: 'a new leader believes what it saw of servers when it led before',
      original: '    this.#health = new HealthWatch(this.#server, this.#pool);\n',
      replacement: '',
    },
    {
      name: 'autopilot removes servers although operators do not want it to',
      original: ' || config?.cleanupDeadServers !== true) return;',
      replacement: ' || config === null) return;',
    },
  ]),
  ...faultsIn(`${server}/leader/server-health.ts`, [
    {
      name: 'a server that is far behind is healthy',
      original: ' && stats.lastIndex >= lastIndex - config.maxTrailingLogs;',
      replacement: ';',
    },
    {
      name: 'a server that has not heard of the leader for long is healthy',
      original: ' || lastContactNs > config.lastContactThresholdNs) return false;',
      replacement: ') return false;',
    },
  ]),
  ...faultsIn(`${server}/leader/reconcile.ts`, [
    {
      name: 'a leader that has just started deregisters servers whom gossip does not know yet',
      original: '    if (server.consensus.servers.some((peer) => peer.id === id)) continue;\n',
      replacement: '',
    },
    {
      name: 'nodes that no agent ever vouched for are deregistered',
      original: 'if (checkId !== serfHealth || known.has(name)) continue;',
      replacement: 'if (known.has(name)) continue;',
    },
    {
      name: 'a leader that is said to have left deregisters itself',
      original: '  if (member.name === pool.nodeName) {\n',
      replacement: "  if (member.name === '') {\n",
    },
    {
      name: 'a member that comes back loses the metadata of its node',
      original: '    ...kept,\n    service,\n',
      replacement: '    taggedAddresses: null,\n    nodeMeta: null,\n    service,\n',
    },
  ]),
  ...faultsIn(`${server}/leader/raft-peers.ts`, [
    {
      name: 'a server with the address of another one is added beside it',
      original: 'if (known.address !== address && known.id !== server.id) continue;',
      replacement: 'if (known.id !== server.id) continue;',
    },
    {
      name: 'a server that is known is removed and added each time it is seen',
      original: '    if (known.address === address && known.id === server.id) return;\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${server}/leader/session-expiry.ts`, [
    {
      name: 'a session that could not be ended lives for ever',
      original: 'attempt < attemptsMax',
      replacement: 'attempt < 1',
    },
  ]),
  ...faultsIn(`${server}/leader/tombstone-reaper.ts`, [
    {
      name: 'tombstones are reaped while clients may still wait behind them',
      original: 'Math.floor((now + ttlMs) / granularityMs) + 1',
      replacement: 'Math.floor(now / granularityMs) + 1',
    },
    {
      name: 'of the tombstones of a time slot only those before the first are reaped',
      original: 'known.index = Math.max(known.index, index);',
      replacement: 'known.index = Math.min(known.index, index);',
    },
    {
      name: 'a new leader never reaps the tombstones of earlier ones',
      original: '    this.note(lastIndex);\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${server}/session-timers.ts`, [
    {
      name: 'a session that ended is ended again when its time would have been over',
      original: '  stop(id: string): void {\n    this.#timers.get(id)?.cancel();\n',
      replacement: '  stop(id: string): void {\n',
    },
  ]),
];

const agents: readonly Fault[] = [
  ...faultsIn(`${local}/anti-entropy/differences.ts`, [
    {
      name: 'what vanished from the catalog is not registered again',
      original: 'for (const [id, entry] of state.serviceEntries) if (!found.has(id)) entry.isInSync = false;',
      replacement: '',
    },
    {
      name: 'what somebody changed in the catalog stays changed',
      original: '    entry.isInSync = sameRecord(entry.record, remote);',
      replacement: '    entry.isInSync = true;',
    },
    {
      name: 'services that the agent does not know stay in the catalog',
      original: 'if (entry === undefined && id !== consulService) state.markUnknownService(id);',
      replacement: '',
    },
    {
      name: 'agents deregister what the leader says of them',
      original: 'if (entry === undefined && id !== serfHealth) state.',
      replacement: 'if (entry === undefined) state.',
    },
    {
      name: 'tags that others may change are changed back',
      original:
        '    if (entry.record.enableTagOverride) entry.record = { ...entry.record, tags: remote.tags };\n',
      replacement: '',
    },
  ]),
  ...faultsIn(`${local}/anti-entropy/push-changes.ts`, [
    {
      name: 'a status that changed while an older one was told counts as told',
      original: 'if (record === told || (record?.status === told.status && entry.outputDelay))',
      replacement: 'if (record !== undefined)',
    },
    {
      name: 'a service that went and came back while the catalog heard of it is forgotten',
      original: 'else if (state.serviceEntries.get(id) === entry) state.forgetService(id);',
      replacement: 'else state.forgetService(id);',
    },
    {
      name: 'what the catalog never had is deregistered again and again',
      original: '(error as Error).message.includes(gone.unknown) || ',
      replacement: '',
    },
  ]),
  ...faultsIn(`${local}/anti-entropy/anti-entropy.ts`, [
    {
      name: 'after a full round that failed nothing is tried again for a minute',
      original: 'const until = this.#runtime.clock.now() + retryMs + this.#stagger(retryMs);',
      replacement: 'const until = this.#nextFullAt + this.#stagger(retryMs);',
    },
    {
      name: 'changes are told to the catalog during a pause',
      original: 'if (!this.#isStopped && this.#pauses === 0) await',
      replacement: 'if (!this.#isStopped) await',
    },
    {
      name: 'all agents come to a new server at once',
      original: 'const until = this.#runtime.clock.now() + this.#stagger(this.#timings.serverUpMs);',
      replacement: 'const until = this.#runtime.clock.now();',
    },
  ]),
  ...faultsIn(`${local}/anti-entropy/catalog-sync.ts`, [
    {
      name: 'rounds of synchronization overtake each other',
      original: 'const done = this.#last.then(round);',
      replacement: 'const done = Promise.resolve().then(round);',
    },
  ]),
  ...faultsIn(`${local}/checks/ttl-check.ts`, [
    {
      name: 'a check that was told of in time expires all the same',
      original: '    this.#expiry.cancel();\n    this.#expiry = this.#startTime();\n    return',
      replacement: '    this.#expiry = this.#startTime();\n    return',
    },
    {
      name: 'a check that nobody tells of twice expires once only',
      original: '    this.#expiry = this.#startTime();\n    return this.#lastOutput;',
      replacement: '    return this.#lastOutput;',
    },
    {
      name: 'a check that is gone expires',
      original: '  stop(): void {\n    this.#expiry.cancel();',
      replacement: '  stop(): void {',
    },
  ]),
  ...faultsIn(`${local}/checks/thresholds.ts`, [
    {
      name: 'failures count together although there were successes between them',
      original: '    this.#successes++;\n    this.#failures = 0;',
      replacement: '    this.#successes++;',
    },
  ]),
  ...faultsIn(`${local}/registrations/critical-services.ts`, [
    {
      name: 'a service goes as soon as a check of it is critical',
      original: 'const isDue = forMs > (this.#limitsMs.get(checkId) ?? Number.POSITIVE_INFINITY);',
      replacement: 'const isDue = forMs > 0 && this.#limitsMs.has(checkId);',
    },
  ]),
  ...faultsIn(`${local}/state/local-state.ts`, [
    {
      name: 'a check is critical for as long as since it was critical first',
      original: "    if (status !== 'critical') entry.criticalSinceMs = undefined;\n    else entry",
      replacement: "    if (status === 'critical') entry",
    },
    {
      name: 'each output that changes is told to the catalog at once',
      original: 'if (record.status === status && this.#options.checkUpdateIntervalMs > 0) ',
      replacement: 'if (record.status === undefined) ',
    },
  ]),
  ...faultsIn(`${local}/checks/alias-check.ts`, [
    {
      name: 'an alias mirrors itself, and stays critical for ever',
      original: "(alias.node !== '' || checkId !== alias.checkId)),",
      replacement: 'alias.checkId.length >= 0),',
    },
  ]),
];

/** The faults. */
export const consulUpkeepFaults: readonly Fault[] = [...leaders, ...agents];
