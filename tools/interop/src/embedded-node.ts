// Our memberlist alone, without the serf layer, as a member of a real cluster: what `@reeve/memberlist` gives
// to somebody who embeds it. It has as much of serf as a real agent needs to show it with tags and to see it
// leave.

import { encodeWith, field, gossipDialect, struct, text, textMap, uint64 } from '@reeve/bytes';
import {
  BroadcastQueue,
  type JoinOutcome,
  lanProfile,
  Memberlist,
  type MemberlistConfig,
  type MemberlistDelegate,
  type MemberNode,
  type NodeStateName,
  silentDelegate,
} from '@reeve/memberlist';
import { createNodeRuntime } from '@reeve/runtime/node';
import type { AgentPlace } from './agent.ts';

/** A member of ours without the serf layer. */
export class EmbeddedNode {
  /** Log lines, oldest first. */
  readonly log: string[] = [];
  /** Messages of the serf layer, type byte first, as they arrived: doubles are the layer above's to drop. */
  readonly messages: Uint8Array[] = [];
  /** For each member that answered direct probes: the payloads its answers carried. */
  readonly answers = new Map<string, Uint8Array[]>();
  /**
   * How each member was last heard of: joined or updated (`alive`), died (`dead`) or said goodbye (`left`).
   */
  readonly heard = new Map<string, { readonly state: NodeStateName; readonly meta: Uint8Array }>();
  /** Its `ip:port` of gossip. */
  readonly gossip: string;
  readonly #memberlist: Memberlist;
  readonly #broadcasts: BroadcastQueue;
  readonly #name: string;
  #tags: ReadonlyMap<string, string>;

  private constructor(name: string, place: AgentPlace, options: EmbeddedOptions) {
    const { tags = {}, ...overrides } = options;
    const [host = '', port = ''] = place.gossip.split(':');
    const config: MemberlistConfig = {
      ...lanProfile(name),
      delegateVersions: { min: 2, max: 5, current: 5 },
      bind: { host, port: Number(port) },
      ...overrides,
    };
    const runtime = createNodeRuntime({ log: (level, line) => this.log.push(`[${level}] ${line}`) });
    this.gossip = place.gossip;
    this.#name = name;
    this.#tags = new Map(Object.entries(tags));
    this.#memberlist = new Memberlist(config, runtime, this.#delegate());
    this.#broadcasts = new BroadcastQueue({
      nodeCount: () => this.#memberlist.nodeCount,
      retransmitMult: config.retransmitMult,
      broadcastsMax: 16,
      onQueued: () => this.#memberlist.gossipSoon(),
    });
  }

  /** Starts a node; whoever does must `stop` it. */
  static async start(name: string, place: AgentPlace, options: EmbeddedOptions = {}): Promise<EmbeddedNode> {
    const node = new EmbeddedNode(name, place, options);
    await new Promise<void>((resolve, reject) =>
      node.#memberlist.start((error) => (error ? reject(error) : resolve())),
    );
    return node;
  }

  /** Joins by one address. */
  join(address: string): Promise<JoinOutcome> {
    return new Promise((done) => this.#memberlist.join([address], done));
  }

  /** Changes the tags and tells everybody. */
  async setTags(tags: Readonly<Record<string, string>>): Promise<void> {
    this.#tags = new Map(Object.entries(tags));
    await settled((done) => this.#memberlist.updateNode(wordOutMs, done));
  }

  /**
   * Says goodbye; serf's own goodbye, which makes the difference between left and failed, goes first if
   * asked for.
   */
  async leave({ intent }: { readonly intent: boolean }): Promise<void> {
    if (intent) {
      await settled((finished) => this.#broadcasts.queue({ message: leaveIntent(this.#name), finished }));
    }
    await settled((done) => this.#memberlist.leave(wordOutMs, done));
  }

  /** The names of the members it believes to be alive, sorted. */
  get aliveNames(): string[] {
    return this.#memberlist.members.map(({ name }) => name).sort();
  }

  /** 0 as long as its own probes are answered and nobody suspects it. */
  get healthScore(): number {
    return this.#memberlist.healthScore;
  }

  /** Ends it without a goodbye. */
  stop(): void {
    this.#memberlist.shutdown();
  }

  #delegate(): MemberlistDelegate {
    const hear = ({ name, state, meta }: MemberNode) => void this.heard.set(name, { state, meta });
    return {
      ...silentDelegate,
      nodeMeta: () => encodeWith(tagsCodec, gossipDialect, this.#tags, metaIsTags),
      onUserMessage: (message) => void this.messages.push(message),
      takeBroadcasts: (overheadBytes, limitBytes) => this.#broadcasts.take(overheadBytes, limitBytes),
      onJoin: hear,
      onLeave: hear,
      onUpdate: hear,
      onPingComplete: ({ name }, _rttMs, payload) => {
        this.answers.set(name, [...(this.answers.get(name) ?? []), payload]);
      },
    };
  }
}

/** Tags, and whatever shall differ from the LAN profile. */
export interface EmbeddedOptions extends Partial<MemberlistConfig> {
  readonly tags?: Readonly<Record<string, string>>;
}

/** Any Lamport time later than what others know of us, which is nothing: we announced no joining. */
function leaveIntent(node: string): Uint8Array {
  return encodeWith(leaveIntentCodec, gossipDialect, { lamportTime: 100, node }, messageLeave);
}

function settled(call: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}

const tagsCodec = textMap(text, 64);
const leaveIntentCodec = struct<{ lamportTime: number; node: string }>({
  lamportTime: field('LTime', uint64),
  node: field('Node', text),
});
const metaIsTags = 0xff;
const messageLeave = 0;
const wordOutMs = 5_000;
