// User events: `/v1/event/fire/NAME`, `/v1/event/list`. Upstream: agent/event_endpoint.go, user_event.go.

import { encodeWith, gossipDialect } from '@reeve/bytes';
import { compileRe2 } from '@reeve/serf/re2';
import { type UserEvent, userEventCodec } from '../../core/index.ts';
import { jsonList } from '../../json/answers/list.ts';
import { userEventJson } from '../../json/answers/user-event.ts';
import { internal, noQueryOptions } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import { type EventLog, eventIndex } from '../event-log.ts';
import { datacenterOf, indexHeader, tokenOf, waitOf } from '../question.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json } from '../response.ts';
import { required } from './catalog.ts';

/** An agent that sees events. */
export interface EventAgent extends HttpAgent {
  readonly events: EventLog;
}

/** All of `/v1/event`. */
export const eventRoutes: readonly Route<EventAgent>[] = [
  { pattern: '/v1/event/fire/', methods: ['PUT'], handle: fire },
  { pattern: '/v1/event/list', methods: ['GET'], handle: list },
];

async function fire(request: HttpRequest, agent: EventAgent, name: string): Promise<HttpResponse> {
  const { query } = request;
  const filters = {
    nodeFilter: query.get('node'),
    serviceFilter: query.get('service'),
    tagFilter: query.get('tag'),
  };
  required(name, 'Missing name');
  // Upstream looks at the length alone: a body in chunks is as good as none.
  const isEmpty = (request.contentLength ?? 0) === 0;
  const payload = isEmpty ? new Uint8Array(0) : await request.body(agent.limits.recordBytesMax);
  refuseFilters(filters);
  const event: UserEvent = { id: agent.events.newId(), name, payload, ...filters, version: 1 };
  await agent.caller.call(internal.eventFire, {
    ...noQueryOptions,
    datacenter: datacenterOf(request, agent.defaults),
    token: tokenOf(request, agent.defaults),
    allowStale: true,
    name,
    payload: encodeWith(userEventCodec, gossipDialect, event),
  });
  return json(userEventJson({ ...event, lTime: 0 }));
}

type Filters = Pick<UserEvent, 'nodeFilter' | 'serviceFilter' | 'tagFilter'>;

/** What only the servers would notice is status 500, as upstream's. */
function refuseFilters({ nodeFilter, serviceFilter, tagFilter }: Filters): void {
  if (tagFilter !== '' && serviceFilter === '') {
    throw new Error('Cannot provide tag filter without service filter');
  }
  const filters = { node: nodeFilter, service: serviceFilter, tag: tagFilter };
  for (const [kind, filter] of Object.entries(filters)) {
    try {
      compileRe2(filter);
    } catch (error) {
      throw new Error(`Invalid ${kind} filter: ${(error as Error).message}`);
    }
  }
}

/** A request that names an index waits while that is the index of the newest event. */
async function list(request: HttpRequest, { events }: EventAgent): Promise<HttpResponse> {
  const { maxQueryTimeNs, index } = waitOf(request);
  const name = request.query.get('name');
  if (index > 0n) {
    const waitMs = maxQueryTimeNs <= 0 ? waitMsMax : Math.min(maxQueryTimeNs / nsPerMs, waitMsMax);
    await events.changed(name, index, waitMs, request.signal());
  }
  const found = events.recent(name);
  return json(jsonList(found, userEventJson), [indexHeader(eventIndex(found))]);
}

/** Upstream: maxQueryTime. */
const waitMsMax = 600_000;
const nsPerMs = 1e6;
