// Every number a serf node is run with. Values: upstream serf config.go (DefaultConfig); limits are ours.
// Next: serf.ts, which hands the configuration to each rule; memberlist's own settings are in its config.ts.

import type { MemberlistConfig } from '@reeve/memberlist';
import { SerfError } from './errors.ts';
import type { Member, Tags } from './member.ts';
import type { RegexpCompiler } from './regexp.ts';
import { encodeTags, tagsBytesMax } from './wire/tags.ts';

/** A serf node's configuration. Times are milliseconds. Start from `defaultSerfConfig` and override. */
export interface SerfConfig {
  /**
   * The layer below: name, addresses, keyring, timing. Its protocol and delegate versions are set by serf.
   */
  readonly memberlist: MemberlistConfig;
  /** What this node says of itself at start; `setTags` changes it later. */
  readonly tags: Tags;
  /** The serf protocol this node speaks, 2 to 5: 3 brought tags, 4 queries, 5 relayed answers. */
  readonly protocolVersion: number;

  /** Events of members are held for at most this long and told in one; 0 turns coalescing off. */
  readonly coalescePeriodMs: number;
  /** … but told as soon as nothing has happened for this long; 0 turns coalescing off. */
  readonly quiescentPeriodMs: number;
  /** The same for user events that allow it. */
  readonly userCoalescePeriodMs: number;
  readonly userQuiescentPeriodMs: number;

  /** How long a leave, a force-leave or a change of tags may take to be gossiped. */
  readonly broadcastTimeoutMs: number;
  /** How long a leaving node stays reachable after it has said goodbye. */
  readonly leavePropagateDelayMs: number;

  /** How often failed and left members that are due are forgotten. */
  readonly reapIntervalMs: number;
  /** How often reconnecting to failed members, and to seeds, is considered. */
  readonly reconnectIntervalMs: number;
  /** Failed members are forgotten after this. */
  readonly reconnectTimeoutMs: number;
  /** Overrides `reconnectTimeoutMs` and `tombstoneTimeoutMs` for single members. */
  readonly reapTimeoutFor?: ((member: Member, timeoutMs: number) => number) | undefined;
  /** Left members are forgotten after this. */
  readonly tombstoneTimeoutMs: number;
  /** A member that comes back sooner after failing counts as flapping (`serf.member.flap`). */
  readonly flapTimeoutMs: number;
  /** Intents about unknown members are remembered for this long. */
  readonly recentIntentTimeoutMs: number;

  readonly queueCheckIntervalMs: number;
  /** A broadcast queue this long is warned about. */
  readonly queueDepthWarning: number;
  /** A longer broadcast queue is cut at the next check. */
  readonly queueDepthMax: number;
  /** When above 0 it replaces `queueDepthMax` by twice the number of members, but no less than this. */
  readonly queueDepthMin: number;

  /** How many Lamport times back user events are remembered; older ones are dropped. */
  readonly eventBufferSize: number;
  /** The same for queries. */
  readonly queryBufferSize: number;
  /** A query runs for `gossipIntervalMs × queryTimeoutMult × ceil(log10(n + 1))` unless told otherwise. */
  readonly queryTimeoutMult: number;
  /** Of an encoded user event; at most 9216. Larger than a packet, it spreads over streams. */
  readonly userEventSizeLimitBytes: number;
  /** Of an encoded query. */
  readonly querySizeLimitBytes: number;
  /** Of an encoded answer to a query. */
  readonly queryResponseSizeLimitBytes: number;

  /** Ask the others when a second node claims our name, and shut down if they side with it. */
  readonly enableNameConflictResolution: boolean;
  /**
   * Refuse to start under a name that is not made of letters, digits, `-` and `.`, or is over 128 characters.
   */
  readonly validateNodeNames: boolean;
  /** Do not estimate round-trip times. */
  readonly disableCoordinates: boolean;

  /** A file that remembers members and clocks over a restart. */
  readonly snapshotPath?: string | undefined;
  /** Rejoin from the snapshot even after a graceful leave. */
  readonly rejoinAfterLeave: boolean;
  /** A JSON file of base64 keys, the primary first, rewritten whenever the keyring is changed by a query. */
  readonly keyringFile?: string | undefined;

  /**
   * Compiles the regular expressions of tag filters in queries. `compileRe2` of `@reeve/serf/re2` is RE2, as
   * the original; it is handed in because it is large and a core loads nothing by itself. Absent: no tag
   * filter matches, and each is logged.
   */
  readonly compileRegexp?: RegexpCompiler | undefined;

  readonly limits: SerfLimits;
}

/** What peers and callers can make us hold. Ours: upstream has no such bounds. */
export interface SerfLimits {
  /** Members, failed and left ones included. When full, whoever is gone longest is forgotten early. */
  readonly membersMax: number;
  /** Intents about unknown members; the oldest are forgotten first. */
  readonly recentIntentsMax: number;
  /** Bytes of remembered user events; the oldest Lamport times are closed early. */
  readonly eventBufferBytesMax: number;
  /** Remembered query ids; the oldest Lamport times are closed early. */
  readonly queryIdsMax: number;
  /** Queries of our own that run at once. */
  readonly runningQueriesMax: number;
  /** Failed members, and seeds, that are tried at once. */
  readonly reconnectsMax: number;
  /** Addresses that were joined or read from a snapshot, to be tried again; see try-seeds.ts. 0: none. */
  readonly seedsMax: number;
  /** Joins that wait for one another. */
  readonly waitingJoinsMax: number;
  /** Members, or names of user events, held back by coalescing; with more it ends early. */
  readonly coalescedMax: number;
  /** Messages in each broadcast queue. */
  readonly broadcastsMax: number;
  /** Messages too large for a packet, on their way at once; the oldest are given up first. */
  readonly largeMessagesMax: number;
  /** Their bytes together. */
  readonly largeMessagesBytesMax: number;
  /** Bytes of a snapshot file that is read at start. */
  readonly snapshotBytesMax: number;
}

/**
 * The settings of the original, for a node with these memberlist settings. Coalescing and snapshot are off.
 */
export function defaultSerfConfig(memberlist: MemberlistConfig): SerfConfig {
  return {
    memberlist,
    tags: new Map(),
    protocolVersion: 4,
    coalescePeriodMs: 0,
    quiescentPeriodMs: 0,
    userCoalescePeriodMs: 0,
    userQuiescentPeriodMs: 0,
    broadcastTimeoutMs: 5_000,
    leavePropagateDelayMs: 1_000,
    reapIntervalMs: 15_000,
    reconnectIntervalMs: 30_000,
    reconnectTimeoutMs: 24 * 3_600_000,
    tombstoneTimeoutMs: 24 * 3_600_000,
    flapTimeoutMs: 60_000,
    recentIntentTimeoutMs: 5 * 60_000,
    queueCheckIntervalMs: 30_000,
    queueDepthWarning: 128,
    queueDepthMax: 4_096,
    queueDepthMin: 0,
    eventBufferSize: 512,
    queryBufferSize: 512,
    queryTimeoutMult: 16,
    userEventSizeLimitBytes: 512,
    querySizeLimitBytes: 1_024,
    queryResponseSizeLimitBytes: 1_024,
    enableNameConflictResolution: true,
    validateNodeNames: false,
    disableCoordinates: false,
    rejoinAfterLeave: false,
    limits: defaultLimits,
  };
}

/**
 * Refuses what the original refuses at start.
 * @throws SerfError with the original's text.
 */
export function checkSerfConfig(config: SerfConfig): void {
  const { protocolVersion, userEventSizeLimitBytes } = config;
  const range = `Must be in range: [${protocolVersionMin}, ${protocolVersionMax}]`;
  if (protocolVersion < protocolVersionMin)
    throw new SerfError(`Protocol version '${protocolVersion}' too low. ${range}`);
  if (protocolVersion > protocolVersionMax)
    throw new SerfError(`Protocol version '${protocolVersion}' too high. ${range}`);
  if (userEventSizeLimitBytes > userEventBytesMax)
    throw new SerfError(`user event size limit exceeds limit of ${userEventBytesMax} bytes`);
  const tagsProblem = findTagsProblem(config.tags, protocolVersion);
  if (tagsProblem) throw tagsProblem;
  if (config.validateNodeNames) checkNodeName(config.memberlist.name);
}

/** What is wrong with tags that do not fit a node's meta. */
export function findTagsProblem(tags: Tags, protocolVersion: number): SerfError | undefined {
  const isTooLong = encodeTags(tags, protocolVersion).length > tagsBytesMax;
  return isTooLong
    ? new SerfError(`Encoded length of tags exceeds limit of ${tagsBytesMax} bytes`)
    : undefined;
}

function checkNodeName(name: string): void {
  const { length } = name;
  if (/[^A-Za-z0-9\-.]/.test(name)) {
    const valid = "Valid characters include all alpha-numerics and dashes and '.' ";
    throw new SerfError(`Node name contains invalid characters ${name} , ${valid}`);
  }
  if (length > nodeNameCharactersMax) {
    const valid = `Valid length is between 1 and ${nodeNameCharactersMax} characters`;
    throw new SerfError(`Node name is ${length} characters. ${valid}`);
  }
}

/** The oldest serf protocol that is understood. */
export const protocolVersionMin = 2;
/** The newest. */
export const protocolVersionMax = 5;
/** The protocol memberlist speaks below every serf protocol. */
export const memberlistProtocolVersion = 2;
/** No configuration allows larger user events. */
export const userEventBytesMax = 9_216;

const nodeNameCharactersMax = 128;

const defaultLimits: SerfLimits = {
  membersMax: 65_536,
  recentIntentsMax: 4_096,
  eventBufferBytesMax: 4 * 1024 * 1024,
  queryIdsMax: 65_536,
  runningQueriesMax: 1_024,
  reconnectsMax: 16,
  seedsMax: 32,
  waitingJoinsMax: 1_024,
  coalescedMax: 1_024,
  broadcastsMax: 8_192,
  largeMessagesMax: 256,
  largeMessagesBytesMax: 1024 * 1024,
  snapshotBytesMax: 64 * 1024 * 1024,
};
