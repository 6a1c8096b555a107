// A group of bare memberlists, as the papers measure one: no layer above, on one local network, every member
// known to every other. Who declares whom dead and what is sent is written down. Next: interval.ts,
// threshold.ts and swim.ts, the experiments.

import {
  Memberlist,
  type MemberlistConfig,
  type MemberNode,
  OwnNodes,
  silentDelegate,
} from '@reeve/memberlist';
import { noMetrics, type Random, silentLog } from '@reeve/runtime';
import { SeededRandom, type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';

/** What a group is made of. */
export interface GroupOptions {
  /** Decides everything that chance decides. */
  readonly seed: number;
  readonly members: number;
  /** The settings of a member by its name. */
  readonly config: (name: string) => MemberlistConfig;
}

/** One member. */
export interface GroupMember {
  readonly name: string;
  readonly host: VirtualHost;
  readonly list: Memberlist;
}

/** A member has declared another one dead. */
export interface Verdict {
  readonly atMs: number;
  readonly by: GroupMember;
  readonly about: GroupMember;
}

/** What was sent, by all members together. */
export interface Load {
  /** Datagrams, and writes to streams. */
  readonly messages: number;
  readonly bytes: number;
}

/** A group. */
export class Group {
  readonly world: VirtualWorld;
  readonly members: readonly GroupMember[];
  /** For who runs the experiment. */
  readonly random: Random;
  /** All verdicts since `form`, in the order of time. */
  readonly verdicts: Verdict[] = [];
  readonly #memberCalled: ReadonlyMap<string, GroupMember>;
  #messages = 0;
  #bytes = 0;

  constructor({ seed, members, config }: GroupOptions) {
    this.world = new VirtualWorld({ seed });
    this.random = new SeededRandom(seed + 2 ** 52); // not the numbers that the world draws
    const configs = Array.from({ length: members }, (_, index) => configOf(index + 1, config));
    const known = configs.map(rehearse);
    this.members = configs.map((own) => this.#createMember(own, known));
    this.#memberCalled = new Map(this.members.map((member) => [member.name, member]));
    this.world.network.onPacket((packet) => this.#count(packet));
    this.world.network.onStreamBytes((bytes) => this.#count(bytes));
  }

  /** What was sent since `form`. */
  get load(): Load {
    return { messages: this.#messages, bytes: this.#bytes };
  }

  /** Starts all, who know each other, and lets them settle; what was sent until then is forgotten. */
  form(): void {
    for (const { list } of this.members) list.start(() => {});
    this.world.run(settleMs);
    this.verdicts.length = 0;
    this.#messages = 0;
    this.#bytes = 0;
  }

  /** So many members, by chance. */
  pick(count: number): readonly GroupMember[] {
    const left = [...this.members];
    return Array.from({ length: count }, () => left.splice(this.random.below(left.length), 1)).flat();
  }

  #createMember(config: MemberlistConfig, known: readonly MemberNode[]): GroupMember {
    const { name, bind } = config;
    const host = this.world.host(bind.host);
    const runtime = { ...host.runtime, log: silentLog, metrics: noMetrics };
    const nodes = new OwnNodes();
    for (const node of known) {
      nodes.insert(this.random.below(nodes.size + 1), { ...node, stateChangedAtMs: 0, stranger: false });
    }
    const onLeave = (node: MemberNode): void => {
      const about = this.#memberCalled.get(node.name);
      if (about) this.verdicts.push({ atMs: this.world.now, by: member, about });
    };
    const list = new Memberlist(config, runtime, { ...silentDelegate, onLeave }, nodes);
    const member = { name, host, list };
    return member;
  }

  #count(sent: Uint8Array): void {
    this.#messages += 1;
    this.#bytes += sent.length;
  }
}

function configOf(number: number, config: GroupOptions['config']): MemberlistConfig {
  const host = `10.0.${number >> 8}.${number & 255}`;
  return { ...config(`n${number}`), bind: { host, port: 7946 } };
}

/** What the others will know of a member, by its own word. */
function rehearse(config: MemberlistConfig): MemberNode {
  const world = new VirtualWorld({ seed: 0 });
  const { runtime } = world.host(config.bind.host);
  const list = new Memberlist(config, { ...runtime, log: silentLog }, silentDelegate);
  list.start(() => {});
  world.run(1);
  const node = { ...list.localNode };
  list.shutdown();
  return node;
}

/** As long as in the Lifeguard paper. */
const settleMs = 15_000;
