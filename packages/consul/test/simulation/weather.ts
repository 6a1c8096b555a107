// What happens to the servers of a storm. It counts what really happened: a cut that no message met is none,
// and a power cut between two writes tears nothing.

import type { ConsulServer } from '../../dist/server/consul-server.js';
import type { Cluster } from '../kit/cluster.js';

/** What happened in a run, as numbers. */
export type Happened = Readonly<Record<keyof typeof words, number>>;

/** Faults of one run. */
export class Weather {
  readonly #cluster: Cluster;
  readonly #counts = new Map<keyof Happened, number>();
  readonly #diary: string[] = [];
  /** So many segments and packets are late, each by itself: one stream stands still while others go on. */
  #lateShare = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const { network } = cluster.world;
    const { latency } = network;
    network.latency = (from, to) => latency(from, to) + this.#lateMs();
    network.onPacket((_packet, from, to, travelMs) => {
      if (travelMs.length === 0 && network.separated(from.host, to.host)) this.#count('cutOff');
    });
    network.onStreamBytes((_bytes, from, to) => {
      if (network.separated(from.host, to.host)) this.#count('heldUp');
    });
  }

  /** Everything that happened so far. */
  get happened(): Happened {
    const counted = new Map([...this.#counts, ...Object.entries(this.#told())]) as Map<string, number>;
    return Object.fromEntries(kinds.map((kind) => [kind, counted.get(kind) ?? 0])) as Happened;
  }

  /** All faults with their times, a line each. */
  get diary(): readonly string[] {
    return this.#diary;
  }

  /** Has something happen, by chance. */
  async change(): Promise<void> {
    const { random, leader } = this.#cluster;
    const [one = 's1', other = 's2'] = [...names].sort(() => random.float() - 0.5);
    const victim = leader !== undefined && random.float() < 0.5 ? this.#cluster.nameOf(leader) : one;
    const kind = random.below(13);
    if (kind <= 2) this.#heal();
    else if (kind === 3) this.#cutOff(victim);
    else if (kind === 4) this.#cutOneWay(victim, victim === other ? one : other);
    else if (kind === 5) this.#block(victim);
    else if (kind === 6) this.#transfer(leader);
    else if (kind === 7) this.#jumpClock(victim);
    else if (kind === 8) this.#delay();
    else {
      if (random.float() < 0.5) await this.#awaitWrite(victim);
      this.#cutPower(victim);
      if (random.float() < 0.7) await this.#startMissing();
    }
  }

  /** Ends all faults. */
  async makePeace(): Promise<void> {
    this.#heal();
    await this.#startMissing();
  }

  #heal(): void {
    this.#note('the network is well');
    this.#cluster.world.network.heal();
    this.#lateShare = 0;
  }

  #cutOff(name: string): void {
    this.#note(`${name} is cut off`);
    this.#cluster.world.network.partition(this.#cluster.host(name));
  }

  #cutOneWay(from: string, to: string): void {
    this.#note(`nothing passes from ${from} to ${to}`);
    this.#cluster.world.network.cut(this.#cluster.host(from), this.#cluster.host(to));
  }

  #delay(): void {
    this.#lateShare = this.#cluster.random.float() * lateShareMax;
    this.#note(`${(this.#lateShare * 100).toFixed(1)} % of what is sent is lost once`);
  }

  /** As TCP sends again what is lost. */
  #lateMs(): number {
    const { random } = this.#cluster;
    if (this.#lateShare === 0 || random.float() >= this.#lateShare) return 0;
    this.#count('late');
    return lateMsMin * (1 + random.float() * 4);
  }

  #block(name: string): void {
    const forMs = this.#cluster.random.float() * blockMsMax;
    this.#note(`${name} stands still for ${forMs.toFixed(0)} ms`);
    this.#count('blocks');
    this.#cluster.host(name).block(forMs);
  }

  #transfer(leader: ConsulServer | undefined): void {
    if (leader === undefined) return;
    this.#note(`${this.#cluster.nameOf(leader)} is to hand over`);
    this.#count('transfers');
    leader.consensus.transferLeadership().catch(() => {});
  }

  #jumpClock(name: string): void {
    const byMs = (this.#cluster.random.float() - 0.5) * jumpMsMax;
    this.#note(`the clock of ${name} jumps by ${(byMs / 1_000).toFixed(0)} s`);
    this.#count('clockJumps');
    this.#cluster.host(name).jumpClock(byMs);
  }

  /** Waits for a write of the log to be under way, for a while. */
  async #awaitWrite(name: string): Promise<void> {
    for (let i = 0; i < 100 && !this.#cluster.isWriting(name); i++) await this.#cluster.run(5);
  }

  #cutPower(name: string): void {
    const cluster = this.#cluster;
    const server = cluster.servers.get(name);
    if (server === undefined) return;
    const fileBytes = this.#fileBytes(name);
    const keepBytes = cluster.random.float() < 0.5 ? 0 : cluster.random.below(keepBytesMax);
    const { parts, kept } = cluster.crash(server, keepBytes);
    this.#note(`${name} loses power, ${parts - kept} of ${parts} parts of what it was writing are lost`);
    this.#count('powerCuts');
    if (kept < parts) this.#count(kept === 0 ? 'lostWrites' : 'tornWrites');
    if (this.#fileBytes(name) < fileBytes) this.#count('tornFiles');
  }

  /** Those that are down start again, and join whom they find. */
  async #startMissing(): Promise<void> {
    for (const name of names) {
      if (this.#cluster.servers.has(name)) continue;
      const server = await this.#cluster.start(name, { bootstrapExpect: 3 });
      this.#note(`${name} is up again`);
      this.#count('restarts');
      const others = names.filter((each) => each !== name);
      void server.join(others.map((each) => `${this.#cluster.host(each).ip}:8301`));
    }
  }

  #fileBytes(name: string): number {
    const { files } = this.#cluster.host(name);
    return files.paths.reduce((sum, path) => sum + (files.read(path)?.length ?? 0), 0);
  }

  /** What servers say themselves. */
  #told() {
    const hosts = names.map((name) => this.#cluster.host(name));
    const restored = ({ logLines }: (typeof hosts)[number]) =>
      logLines.filter((line) => line.includes('raft: restored snapshot')).length;
    const count = (name: string) => hosts.reduce((sum, { counters }) => sum + (counters.get(name) ?? 0), 0);
    return {
      elections: count('raft.state.leader'),
      followerReads: count('rpc.follower_reads'),
      restores: hosts.reduce((sum, host) => sum + restored(host), 0),
    };
  }

  #note(what: string): void {
    this.#diary.push(`${(this.#cluster.world.now / 1_000).toFixed(3)} s: ${what}`);
  }

  #count(what: keyof Happened): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}

/** `17 messages cut off, 3 power cuts`; only what happened. */
export function describeHappened(happened: Happened): string {
  return kinds
    .flatMap((kind) => (happened[kind] === 0 ? [] : [`${happened[kind]} ${words[kind]}`]))
    .join(', ');
}

const names = ['s1', 's2', 's3'] as const;
const words = {
  cutOff: 'packets cut off',
  heldUp: 'messages held up',
  late: 'messages late',
  blocks: 'blocked processes',
  clockJumps: 'jumps of clocks',
  powerCuts: 'power cuts',
  lostWrites: 'writes lost',
  tornWrites: 'writes torn',
  tornFiles: 'files cut short',
  restarts: 'restarts',
  transfers: 'transfers of leadership',
  elections: 'leaders',
  restores: 'restored snapshots',
  followerReads: 'reads answered by followers',
};
const kinds = Object.keys(words) as (keyof typeof words)[];
const blockMsMax = 8_000;
const lateShareMax = 0.1;
const lateMsMin = 200;
/** Half a day, both ways. */
const jumpMsMax = 24 * 3_600_000;
/** About what a gossip snapshot gets between two syncs. */
const keepBytesMax = 200;
