// @reeve/serf-node: a serf node inside a Node.js service. Promises, typed events and async iterators around
// @reeve/serf, on this machine's sockets.
//
//   await using serf = await createSerf({ name: 'web1', tags: { role: 'web' }, join: ['10.0.0.5'] });
//   serf.on('member-join', ({ members }) => console.log(members.map(({ name }) => name)));
//   for await (const { from, payload } of serf.query('load')) console.log(from, payload.toString());
//
// Start reading at create-serf.ts; docs/guides/library.md shows everything.

export { type Coordinate, type KeyResponse, type MemberStatus, SerfError } from '@reeve/serf';
export { createSerf } from './create-serf.ts';
export type { MissedEvents } from './event-hub.ts';
export type {
  EventName,
  EventOf,
  MemberEvent,
  MemberEventKind,
  QueryEvent,
  SerfEvent,
  UserEvent,
} from './events.ts';
export { KeyChangeError, type Keys } from './keys.ts';
export type { Member } from './member.ts';
export type { SerfOptions } from './options.ts';
export type { Payload } from './payload.ts';
export type { Answer, Answers, QueryOptions } from './query.ts';
export type { CloseOptions, EventsOptions, SerfNode } from './serf-node.ts';
