// Questions to the cluster: sent by gossip, answered straight to who asked.
// Upstream: serf.go (Query, handleQuery). Who hears a query passes it on, also when it is not meant for him.
// Next: incoming-query.ts (answering), running-queries.ts (collecting answers), query-filter.ts.

import { spread } from './broadcast.ts';
import { SerfError } from './errors.ts';
import { IncomingQuery } from './incoming-query.ts';
import type { Machine } from './machine.ts';
import { type QueryMessage, queryFlags } from './messages.ts';
import { passesFilters } from './query-filter.ts';
import type { QueryHandle, QueryHandlers, QueryParams } from './query-types.ts';
import { encodeNodeFilter, encodeQuery, encodeTagFilter } from './wire/query.ts';
import { witnessTime } from './witness-time.ts';

/**
 * Asks the cluster, this node first.
 * @throws SerfError when the query is too large, too many are running, or our protocol has no queries.
 */
export function startQuery(
  machine: Machine,
  name: string,
  payload: Uint8Array,
  params: QueryParams,
  handlers: QueryHandlers,
): QueryHandle {
  const { clocks, config, gossip, queues, runtime } = machine;
  if (config.protocolVersion < queryProtocolVersion) throw new SerfError('Feature not supported');
  const { host, port, name: sourceNode } = gossip.localNode;
  const query = {
    lTime: clocks.query.time,
    id: runtime.random.below(2 ** 31),
    replyTo: { host, port },
    sourceNode,
    filters: encodeFilters(params),
    flags: params.requestAck ? queryFlags.ack : 0,
    relayFactor: params.relayFactor ?? 0,
    timeoutMs: params.timeoutMs || defaultQueryTimeoutMs(machine),
    name,
    payload,
  };
  const message = encodeQuery(query);
  if (message.length > config.querySizeLimitBytes)
    throw new SerfError(`query exceeds limit of ${config.querySizeLimitBytes} bytes`);
  const handle = machine.runningQueries.start(query, handlers);
  applyQuery(machine, query);
  spread(machine, queues.queries, message);
  return handle;
}

/** Long enough for gossip to reach everybody. */
function defaultQueryTimeoutMs({ config, gossip }: Machine): number {
  const rounds = Math.ceil(Math.log10(gossip.members.length + 1));
  return config.memberlist.gossipIntervalMs * config.queryTimeoutMult * rounds;
}

/** Takes in a query; true if it was new and should be passed on. */
export function applyQuery(machine: Machine, query: QueryMessage): boolean {
  const { clocks, heardQueries, runtime } = machine;
  const { lTime, id, name, flags } = query;
  if (!witnessTime(machine, clocks.query, lTime, `query ${name}`)) return false;
  const now = clocks.query.time;
  const heard = heardQueries.add(lTime, id);
  if (heard === 'old')
    machine.complain('warn', `received old query ${name} from time ${lTime} (current: ${now})`);
  if (heard !== 'new') return false;
  runtime.metrics.count('serf.queries', 1);
  runtime.metrics.count(`serf.queries.${name}`, 1);
  if (passesFilters(machine, query.filters)) {
    const incoming = new IncomingQuery(machine, query);
    if (flags & queryFlags.ack) incoming.acknowledge(); // before anybody can take time to answer
    machine.emit(incoming);
  }
  return (flags & queryFlags.noBroadcast) === 0;
}

function encodeFilters({ nodes = [], tags = new Map() }: QueryParams): readonly Uint8Array[] {
  const filters = nodes.length > 0 ? [encodeNodeFilter(nodes)] : [];
  for (const [tag, expression] of tags) filters.push(encodeTagFilter(tag, expression));
  return filters;
}

const queryProtocolVersion = 4;
