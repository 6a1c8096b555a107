// @reeve/serf/core: cluster membership with tags, events, queries and graceful leaves, on top of memberlist.
// Pure: bytes, time and chance come through a runtime. Inside a Node service @reeve/serf is what you want.
//
//   const config = { ...defaultSerfConfig(lanProfile('web1')), tags: new Map([['role', 'web']]) };
//   const serf = new Serf(config, runtime, { onEvent: (event) => console.log(event.kind) });
//   serf.start(() => serf.join(['10.0.0.5'], true, ({ joined }) => console.log(joined)));
//
// Every class is an ordinary object that does nothing but through the runtime it is given.
// Start reading at serf.ts.

export {
  checkSerfConfig,
  defaultSerfConfig,
  protocolVersionMax,
  protocolVersionMin,
  type SerfConfig,
  type SerfLimits,
} from './config.ts';
export {
  type Coordinate,
  coordinateDistanceMs,
  isValid as isValidCoordinate,
} from './coordinate/coordinate.ts';
export { SerfError } from './errors.ts';
export type { MemberEvent, MemberEventKind, QueryEvent, SerfEvent, UserEvent } from './events.ts';
export type { JoinOutcome } from './join.ts';
export type { KeyManager, KeyOptions, KeyOutcome, KeyResponse } from './key-manager.ts';
export type { SerfState } from './machine.ts';
export { type Member, type MemberStatus, memberStatuses, type Tags } from './member.ts';
export type { KnownMember, MemberState, MemberStore } from './member-table.ts';
export type { QueryHandle, QueryHandlers, QueryParams } from './query-types.ts';
export type { RegexpCompiler, RegexpMatcher } from './regexp.ts';
export { type Acquaintance, Serf, type SerfHandlers } from './serf.ts';
export type { MemberCandidate, VetoMembers } from './veto.ts';
export { coordinateCodec } from './wire/coordinate.ts';
