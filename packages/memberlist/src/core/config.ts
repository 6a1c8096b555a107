// Every number a memberlist node is run with, in three profiles. Values: upstream memberlist config.go
// (DefaultLANConfig, DefaultWANConfig, DefaultLocalConfig); bounds that are ours say so.
// Next: memberlist.ts, which hands the configuration to each rule.

import { textByteLength } from '@reeve/bytes';
import type { Endpoint } from '@reeve/runtime';
import type { Keyring } from './keyring.ts';
import { nameBytesMax } from './node.ts';

/** A node's configuration. Times are milliseconds. Start from a profile and override. */
export interface MemberlistConfig {
  /** The node's name, unique in the cluster. */
  readonly name: string;
  /** Where packets and streams are received. Port 0 lets the system choose one port for both. */
  readonly bind: Endpoint;
  /**
   * What other members are told. Absent: the bound address, or this machine's private one when bound to all.
   * Port 0: the bound port.
   */
  readonly advertise?: Endpoint | undefined;
  /** The protocol version this node announces to speak (1–5); it understands 1 to 5 whatever it speaks. */
  readonly protocolVersion: number;
  /** The versions of the layer above, announced to others and checked in every push/pull. */
  readonly delegateVersions: { readonly min: number; readonly max: number; readonly current: number };

  /** Connecting, and each read or write step of a stream. */
  readonly streamTimeoutMs: number;
  /** How many members are asked to probe indirectly. */
  readonly indirectChecks: number;
  /** A broadcast is sent `retransmitMult × ceil(log10(n + 1))` times. */
  readonly retransmitMult: number;
  /** A suspicion lasts at least `suspicionMult × log10(n) × probeIntervalMs`. */
  readonly suspicionMult: number;
  /** … and at most this many times longer, until others confirm it. */
  readonly suspicionMaxTimeoutMult: number;
  /** Full state exchange with one random member; 0 turns it off. */
  readonly pushPullIntervalMs: number;
  readonly probeIntervalMs: number;
  readonly probeTimeoutMs: number;
  /** The worst health score is one less than this; probing slows by up to this factor. */
  readonly awarenessMaxMultiplier: number;
  readonly gossipIntervalMs: number;
  /** How many members each gossip round reaches. */
  readonly gossipNodes: number;
  /** Dead members are gossiped to, and kept in the list, for this long, so that they can refute. */
  readonly gossipToTheDeadMs: number;
  /** After this a dead member's name may come back with another address; 0: never before it is forgotten. */
  readonly deadNodeReclaimMs: number;
  /** No stream pings to members that answer no packet. */
  readonly disableStreamPings: boolean;
  readonly lifeguard: LifeguardParts;

  /** Compress what is sent (both forms are always understood). */
  readonly compression: boolean;
  /** Keys for encryption; absent: everything travels in the clear. */
  readonly keyring?: Keyring | undefined;
  /** Refuse unencrypted input although there is a keyring. Turn off only while rolling encryption out. */
  readonly verifyIncoming: boolean;
  /** Encrypt output when there is a keyring. Turn off only while rolling encryption out. */
  readonly verifyOutgoing: boolean;
  /** Separates clusters that share a network; empty: none. At most 255 bytes. */
  readonly label: string;
  /** Accept input whose label some proxy has already removed. */
  readonly skipInboundLabelCheck: boolean;

  /** The size a packet is filled up to, label and encryption included, checksum not. */
  readonly packetBytesMax: number;
  readonly limits: MemberlistLimits;
}

/**
 * The parts of Lifeguard that are no number above. Turned off only to measure what they are good for; with
 * all of them off, and the multipliers of awareness and of the longest suspicion at 1, this is plain SWIM.
 */
export interface LifeguardParts {
  /** Helpers that got no answer say so, by which we judge ourselves. */
  readonly nacks: boolean;
  /** Suspicions of several members about the same node add up and are passed on. */
  readonly confirmations: boolean;
  /** … but half as often as other news. Ours; see suspect.ts. */
  readonly briefConfirmations: boolean;
  /** Who probes a suspect tells it, so that it can refute at once. */
  readonly buddySystem: boolean;
  /** Who hears nobody judges nobody. Ours; see self-doubt.ts. */
  readonly silence: boolean;
}

/** What a peer can make us hold. Ours: upstream has no bound but 20 MiB a stream and 128 state exchanges. */
export interface MemberlistLimits {
  /** Nodes in the table, and in a list that somebody sends. Further unknown names are dropped and counted. */
  readonly nodesMax: number;
  /**
   * Nodes in the table that we were told of unasked and that have not answered yet. A cluster that grows by
   * more at once is learnt with the next push/pulls that we begin ourselves.
   */
  readonly strangersMax: number;
  /** Bytes of one inbound stream, before and after decompression. */
  readonly streamBytesMax: number;
  /** Bytes buffered over all inbound streams. */
  readonly streamsBytesMax: number;
  /** Bytes answered on inbound streams and not taken yet by the other side. */
  readonly answersBytesMax: number;
  /** Inbound streams open at once, beyond it the oldest is closed; upstream allows 128 state exchanges. */
  readonly streamsMax: number;
  /** Bytes one packet may decompress to. */
  readonly packetPlainBytesMax: number;
  /** Indirect probes we carry out for others at once. */
  readonly indirectProbesMax: number;
  /** Streams of ours that carry a message of the layer above, at once. */
  readonly userStreamsMax: number;
  /** Broadcasts waiting; beyond it the most transmitted are dropped. */
  readonly broadcastsMax: number;
}

/** Members on one local network. */
export function lanProfile(name: string): MemberlistConfig {
  return {
    name,
    bind: { host: '0.0.0.0', port: defaultPort },
    protocolVersion: 2,
    delegateVersions: { min: 0, max: 0, current: 0 },
    streamTimeoutMs: 10_000,
    indirectChecks: 3,
    retransmitMult: 4,
    suspicionMult: 4,
    suspicionMaxTimeoutMult: 6,
    pushPullIntervalMs: 30_000,
    probeIntervalMs: 1_000,
    probeTimeoutMs: 500,
    awarenessMaxMultiplier: 8,
    gossipIntervalMs: 200,
    gossipNodes: 3,
    gossipToTheDeadMs: 30_000,
    deadNodeReclaimMs: 0,
    disableStreamPings: false,
    lifeguard: {
      nacks: true,
      confirmations: true,
      briefConfirmations: true,
      buddySystem: true,
      silence: true,
    },
    compression: true,
    verifyIncoming: true,
    verifyOutgoing: true,
    label: '',
    skipInboundLabelCheck: false,
    packetBytesMax: 1_400,
    limits: defaultLimits,
  };
}

/** Members spread over the internet: slower and more patient. */
export function wanProfile(name: string): MemberlistConfig {
  return {
    ...lanProfile(name),
    streamTimeoutMs: 30_000,
    suspicionMult: 6,
    pushPullIntervalMs: 60_000,
    probeTimeoutMs: 3_000,
    probeIntervalMs: 5_000,
    gossipNodes: 4,
    gossipIntervalMs: 500,
    gossipToTheDeadMs: 60_000,
  };
}

/** Members on one machine: quicker and less patient. */
export function localProfile(name: string): MemberlistConfig {
  return {
    ...lanProfile(name),
    streamTimeoutMs: 1_000,
    indirectChecks: 1,
    retransmitMult: 2,
    suspicionMult: 3,
    pushPullIntervalMs: 15_000,
    probeTimeoutMs: 200,
    gossipIntervalMs: 100,
    gossipToTheDeadMs: 15_000,
  };
}

/**
 * Checks what the compiler cannot.
 * @throws RangeError in the original's words where it has any.
 */
export function checkConfig({ name, protocolVersion }: MemberlistConfig): void {
  const nameBytes = textByteLength(name);
  if (nameBytes === 0 || nameBytes > nameBytesMax) {
    throw new RangeError(`Node name is ${nameBytes} bytes long. It must have 1 to ${nameBytesMax}`);
  }
  const flaw = protocolVersion < protocolMin ? 'low' : protocolVersion > protocolMax ? 'high' : undefined;
  if (flaw === undefined) return;
  const range = `Must be in range: [${protocolMin}, ${protocolMax}]`;
  throw new RangeError(`Protocol version '${protocolVersion}' too ${flaw}. ${range}`);
}

/** The protocol versions we understand, whichever we speak. */
export const protocolMin = 1;
/** See `protocolMin`. */
export const protocolMax = 5;

/** The port of gossip unless another is given. */
export const defaultPort = 7946;

const defaultLimits: MemberlistLimits = {
  nodesMax: 32_768,
  strangersMax: 2_048,
  streamBytesMax: 8 * 1024 * 1024,
  streamsBytesMax: 12 * 1024 * 1024,
  answersBytesMax: 16 * 1024 * 1024,
  streamsMax: 128,
  packetPlainBytesMax: 65_536,
  indirectProbesMax: 1_024,
  userStreamsMax: 64,
  broadcastsMax: 32_768,
};
