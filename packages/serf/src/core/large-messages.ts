// Messages that no packet can carry: a user event of up to 9 kB, or a query where the limit was raised. The
// original queues them for gossip, where they wait for ever; only the next push/pull takes an event along.
// Here they go over streams, which the original understands as well: to members in a random order, a few each
// gossip interval, from who sends one and from everybody of us who hears it as news. Each node sends one no
// more often than gossip would put a smaller one into packets; what it misses is left to push/pull.
// Bounded: messages, their bytes, streams at once, tries. When there are too many messages the oldest, which
// was sent most, has to go.

import { type MemberNode, retransmitLimit } from '@reeve/memberlist';
import type { Runtime } from '@reeve/runtime';
import type { SerfConfig } from './config.ts';
import type { Gossip } from './gossip.ts';
import type { TimerSet } from './timers.ts';

/** What spreading needs. */
export interface LargeMessagesOptions {
  readonly config: SerfConfig;
  readonly gossip: Gossip;
  readonly runtime: Pick<Runtime, 'log' | 'metrics' | 'random'>;
  readonly timers: TimerSet;
  /** How many members there are, which decides how often a message is sent. */
  readonly memberCount: () => number;
}

/** One message on its way. */
interface Spreading {
  readonly message: Uint8Array;
  /** Names of those to tell, in this order. Bounded by the tries. */
  readonly waiting: string[];
  sendsLeft: number;
  triesLeft: number;
  inFlight: number;
}

/** All large messages that this node spreads. */
export class LargeMessages {
  readonly #options: LargeMessagesOptions;
  // Oldest first. Bounded by largeMessagesMax and largeMessagesBytesMax.
  #spreading: Spreading[] = [];
  /** Open streams by member. Bounded by streamsMax. */
  readonly #streamsTo = new Map<string, number>();
  #isScheduled = false;

  constructor(options: LargeMessagesOptions) {
    this.#options = options;
  }

  /** How many messages are being spread. */
  get size(): number {
    return this.#spreading.length;
  }

  /** Begins to spread a message with the next gossip interval. The message must not be changed afterwards. */
  add(message: Uint8Array): void {
    const { config, memberCount } = this.#options;
    const { retransmitMult, gossipNodes } = config.memberlist;
    const sends = retransmitLimit(retransmitMult, memberCount()) * gossipNodes;
    const tries = sends * triesPerSend;
    const waiting = this.#chooseOthers(tries);
    this.#spreading.push({ message, waiting, sendsLeft: sends, triesLeft: tries, inFlight: 0 });
    while (this.#isTooMuch()) this.#spreading.shift();
    this.#schedule();
  }

  #isTooMuch(): boolean {
    const { largeMessagesMax, largeMessagesBytesMax } = this.#options.config.limits;
    const bytes = this.#spreading.reduce((sum, { message }) => sum + message.length, 0);
    return this.#spreading.length > largeMessagesMax || bytes > largeMessagesBytesMax;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const { timers, config } = this.#options;
    timers.after(config.memberlist.gossipIntervalMs, () => {
      this.#isScheduled = false;
      this.#sendRound();
    });
  }

  #sendRound(): void {
    const { gossipNodes } = this.#options.config.memberlist;
    for (const spreading of this.#spreading) {
      for (let count = 0; count < gossipNodes; count++) this.#sendNext(spreading);
    }
    this.#spreading = this.#spreading.filter(isUnfinished);
    if (this.#spreading.length > 0) this.#schedule();
  }

  #sendNext(spreading: Spreading): void {
    if (spreading.sendsLeft === 0 || spreading.triesLeft === 0) return;
    const node = this.#takeNext(spreading);
    if (!node) return;
    const { gossip, runtime } = this.#options;
    const { message } = spreading;
    spreading.sendsLeft -= 1;
    spreading.triesLeft -= 1;
    spreading.inFlight += 1;
    this.#countStreams(node.name, 1);
    runtime.metrics.sample('serf.msgs.sent', message.length);
    gossip.sendReliably(node, message, (error) => {
      spreading.inFlight -= 1;
      this.#countStreams(node.name, -1);
      if (!error) return;
      runtime.log('debug', `serf: Failed to send a large message to ${node.name}: ${error.message}`);
      spreading.sendsLeft += 1;
      spreading.waiting.push(node.name); // behind all the others
    });
  }

  /** The next one to tell who is still there, and to whom there are not too many streams already. */
  #takeNext({ waiting }: Spreading): MemberNode | undefined {
    const streams = [...this.#streamsTo.values()].reduce((sum, count) => sum + count, 0);
    if (streams >= streamsMax) return undefined;
    const isFree = (name: string): boolean => (this.#streamsTo.get(name) ?? 0) < streamsPerMemberMax;
    const place = waiting.findIndex(isFree);
    if (place < 0) return undefined;
    const [name] = waiting.splice(place, 1);
    return this.#options.gossip.members.find((node) => node.name === name);
  }

  #countStreams(name: string, change: number): void {
    const streams = (this.#streamsTo.get(name) ?? 0) + change;
    if (streams === 0) this.#streamsTo.delete(name);
    else this.#streamsTo.set(name, streams);
  }

  /** The names of so many random others, or of all if there are fewer. */
  #chooseOthers(count: number): string[] {
    const { gossip, runtime, config } = this.#options;
    const others = gossip.members.map(({ name }) => name).filter((name) => name !== config.memberlist.name);
    const chosen: string[] = [];
    while (chosen.length < count && others.length > 0) {
      const place = runtime.random.below(others.length);
      const last = others.pop() as string;
      chosen.push(others[place] ?? last);
      if (place < others.length) others[place] = last;
    }
    return chosen;
  }
}

function isUnfinished({ waiting, sendsLeft, triesLeft, inFlight }: Spreading): boolean {
  return inFlight > 0 || (waiting.length > 0 && sendsLeft > 0 && triesLeft > 0);
}

/** For every send that is meant to succeed, so many may be tried. */
const triesPerSend = 2;
/** A member that swallows connections holds some of them, never all. */
const streamsPerMemberMax = 4;
const streamsMax = 32;
