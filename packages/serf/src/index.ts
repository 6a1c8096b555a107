// @reeve/serf: cluster membership with tags, events, queries and graceful leaves, on top of memberlist.
//
//   const config = { ...defaultSerfConfig(lanProfile('web1')), tags: new Map([['role', 'web']]) };
//   const serf = new Serf(config, runtime, { onEvent: (event) => console.log(event.kind) });
//   serf.start(() => serf.join(['10.0.0.5'], true, ({ joined }) => console.log(joined)));
//
// Every class is an ordinary object that does nothing but through the runtime it is given.
// Start reading at core/serf.ts.

export {
  checkSerfConfig,
  defaultSerfConfig,
  protocolVersionMax,
  protocolVersionMin,
  type SerfConfig,
  type SerfLimits,
} from './core/config.ts';
export { type Coordinate, coordinateDistanceMs } from './core/coordinate/coordinate.ts';
export { SerfError } from './core/errors.ts';
export type { MemberEvent, MemberEventKind, QueryEvent, SerfEvent, UserEvent } from './core/events.ts';
export type { JoinOutcome } from './core/join.ts';
export type { KeyManager, KeyOptions, KeyOutcome, KeyResponse } from './core/key-manager.ts';
export type { SerfState } from './core/machine.ts';
export type { Member, MemberStatus, Tags } from './core/member.ts';
export type { KnownMember, MemberState, MemberStore } from './core/member-table.ts';
export type { QueryHandle, QueryHandlers, QueryParams } from './core/query-types.ts';
export type { RegexpCompiler, RegexpMatcher } from './core/regexp.ts';
export { type Acquaintance, Serf, type SerfHandlers } from './core/serf.ts';
