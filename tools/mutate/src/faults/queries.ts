// Queries: whom they are meant for, and which answers count.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of queries, filters and relays. */
export const queryFaults: readonly Fault[] = [
  ...faultsIn('packages/serf/src/core/query.ts', [
    {
      name: 'a query is answered by members that it is not meant for',
      original: 'if (passesFilters(machine, query.filters)) {',
      replacement: 'if (true as boolean) {',
    },
    {
      name: 'a query that is not to be passed on is passed on',
      original: 'return (flags & queryFlags.noBroadcast) === 0;',
      replacement: 'return true;',
    },
    {
      name: 'a query is acknowledged though nobody asked for that',
      original: 'if (flags & queryFlags.ack) incoming.acknowledge();',
      replacement: 'incoming.acknowledge();',
    },
  ]),
  ...faultsIn('packages/serf/src/core/query-filter.ts', [
    {
      name: 'a query with a filter that makes no sense is answered',
      original: 'return decoded !== undefined && passesFilter(machine, decoded);',
      replacement: 'return decoded === undefined || passesFilter(machine, decoded);',
    },
    {
      name: 'a filter on a tag that we do not have is ignored',
      original: "compileRegexp(expression).matches(machine.tags.get(tag) ?? '')",
      replacement: "!machine.tags.has(tag) || compileRegexp(expression).matches(machine.tags.get(tag) ?? '')",
    },
  ]),
  ...faultsIn('packages/serf/src/core/running-queries.ts', [
    {
      name: 'the answer to another query of the same time is taken',
      original: '} else if (running.id !== id) {',
      replacement: '} else if (false as boolean) {',
    },
    {
      name: 'an answer that comes twice counts twice',
      original:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source code
        '    if (heard.has(from)) return runtime.metrics.count(`serf.query_duplicate_${kind}`, 1);\n',
      replacement: '',
    },
    {
      name: 'more members answer than there are',
      original: ' || heard.size >= memberCount()',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/incoming-query.ts', [
    {
      name: 'a query is answered after its deadline',
      original: "    if (runtime.clock.now() > this.deadlineMs) return 'response is past the deadline';\n",
      replacement: '',
    },
    {
      name: 'a query is answered twice',
      original: "    if (this.#isAnswered) return 'response already sent';\n",
      replacement: '',
    },
    {
      name: 'answers go through no relay',
      original: '  for (const via of chooseRelays(machine, relayFactor)) gossip.sendTo(via, envelope);\n',
      replacement: '',
    },
    {
      name: 'answers are relayed through members that have failed',
      original: "member.status === 'alive' && member.protocolMax",
      replacement: 'member.protocolMax',
    },
  ]),
];
