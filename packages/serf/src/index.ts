// @reeve/serf: a serf node inside a Node.js service. Promises, typed events and async iterators around the
// core, on this machine's sockets. The core itself is @reeve/serf/core.
//
//   await using serf = await createSerf({ name: 'web1', tags: { role: 'web' }, join: ['10.0.0.5'] });
//   serf.on('member-join', ({ members }) => console.log(members.map(({ name }) => name)));
//   for await (const { from, payload } of serf.query('load')) console.log(from, payload.toString());
//
// Start reading at node/create-serf.ts; docs/guides/library.md shows everything.

export { type Coordinate, type KeyResponse, type MemberStatus, SerfError } from './core/index.ts';
export { createSerf } from './node/create-serf.ts';
export type { MissedEvents } from './node/event-hub.ts';
export type {
  EventName,
  EventOf,
  MemberEvent,
  MemberEventKind,
  QueryEvent,
  SerfEvent,
  UserEvent,
} from './node/events.ts';
export { KeyChangeError, type Keys } from './node/keys.ts';
export type { Member } from './node/member.ts';
export type { SerfOptions } from './node/options.ts';
export type { Payload } from './node/payload.ts';
export type { Answer, Answers, QueryOptions } from './node/query.ts';
export type { CloseOptions, EventsOptions, SerfNode } from './node/serf-node.ts';
