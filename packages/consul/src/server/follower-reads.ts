// Reads at a follower that are worth what the leader's are, answered without sending each of them to the
// leader: those that come in one turn of the event loop share one question. Raft thesis, section 6.4. The
// original forwards each.
//
// The question is how far the leader's log goes (`Status.RaftStats`, which every leader since 0.8 knows); a
// server that has applied all of that answers from its own state. Why that is new enough:
//
// - What was acknowledged before a read came is committed, and whoever is elected has all that is committed
//   in its log. So the end of the log is asked for, not what the leader knows to be committed: until an entry
//   of its own term is, it may know less than its predecessor did. What is not committed is not applied here
//   either; then reads are forwarded as ever.
// - The leader has to say that it leads, and that its last entry is of the term in which we follow it: nobody
//   else writes entries of that term, so it wrote this one after its election. Before that its log may say
//   less than it has (hashicorp/raft, of what is in a snapshot only). One of the original's that has been
//   deposed and does not know yet says all this, too; it would answer a forwarded read just the same. One of
//   ours looks at the clock, for both.
// - A consistent read has to know that nobody has led since. Where the leader and this server are a majority,
//   they know: an entry of a later term that was committed before the read came is in the log of one of them;
//   not in the leader's, which ends with an entry of this term, and not here, where no later term is known.
//   Which servers are a majority is in the log, too, so it is asked about when all of it has been applied.
// - Otherwise a consistent read has the leader verified first, after the read came: what was committed by
//   then is in that leader's log, never to leave it, whatever becomes of the leader before it says where that
//   log ends. The other way round it could have lost an election and won another in between.
// - No read shares a question that was asked before the read came.
//
// Reads elsewhere are not turned back in time: a leader of ours tells followers no more than it has applied
// itself (@reeve/raft, replication.ts). How it is with one of the original's: decision 28.

import { noQueryOptions, type QueryOptions, session, status } from '../rpc/methods/index.ts';
import type { Soon } from '../waiting/soon.ts';
import type { ServerContext } from './server-context.ts';

/** What it needs of a server. */
export type FollowingServer = Pick<
  ServerContext,
  'runtime' | 'datacenter' | 'store' | 'consensus' | 'callerAt'
>;

/** The reads of a server while it follows. */
export class FollowerReads {
  readonly #server: FollowingServer;
  readonly #plain: SharedQuestion;
  readonly #consistent: SharedQuestion;

  constructor(server: FollowingServer) {
    this.#server = server;
    this.#plain = new SharedQuestion(server, () => isUpToDate(server, false));
    this.#consistent = new SharedQuestion(server, () => isUpToDate(server, true));
  }

  /** Whether a read that comes now may be answered from our state, as the leader would. Never rejects. */
  mayAnswer({ requireConsistent, minQueryIndex }: QueryOptions): Soon<boolean> {
    if (minQueryIndex > 0 || !this.#mayAsk) return false;
    if (!requireConsistent) return this.#plain.ask('alone');
    // With a verification before the question it is one way less to forward what comes alone.
    return this.#consistent.ask(this.#server.consensus.isMajorityWithLeader ? 'alone' : 'together');
  }

  get #mayAsk(): boolean {
    const { consensus, store } = this.#server;
    if (consensus.isLeader || consensus.leaderAddress === '') return false;
    // Where there are tokens a leader of the original answers each client what it may see, which we cannot.
    if (store.tables.aclTokens.size > 0) return false;
    // The leader's log does not end before what it has sent us.
    return consensus.appliedIndex >= consensus.lastLog().index;
  }
}

/** A question for all who want to know the answer in the same turn. */
class SharedQuestion {
  readonly #runtime: FollowingServer['runtime'];
  readonly #answer: () => Promise<boolean>;
  #next: Promise<boolean> | undefined;
  #askers = 0;

  constructor({ runtime }: FollowingServer, answer: () => Promise<boolean>) {
    this.#runtime = runtime;
    this.#answer = answer;
  }

  /** @param worth for how many it is worth asking; one alone may be told no */
  ask(worth: 'alone' | 'together'): Promise<boolean> {
    this.#askers++;
    this.#next ??= new Promise((resolve) => {
      this.#runtime.timers.after(0, () => {
        const askers = this.#askers;
        this.#next = undefined;
        this.#askers = 0;
        resolve((askers > 1 || worth === 'alone') && this.#answerTo(askers));
      });
    });
    return this.#next;
  }

  async #answerTo(askers: number): Promise<boolean> {
    const answer = await this.#answer();
    this.#runtime.metrics.count(answer ? 'rpc.follower_reads' : 'rpc.follower_reads_forwarded', askers);
    return answer;
  }
}

/** Whether we have applied all that the leader has; false also when it does not say. */
async function isUpToDate(server: FollowingServer, isConsistent: boolean): Promise<boolean> {
  const { consensus, datacenter, callerAt } = server;
  const { term, leaderAddress } = consensus;
  const leader = callerAt(leaderAddress);
  const isVerified = isConsistent && !consensus.isMajorityWithLeader;
  try {
    if (isVerified) await leader.call(session.get, { ...verification, datacenter });
    const { lastContact, lastTerm, lastIndex } = await leader.call(status.raftStats, {});
    const isOurs = consensus.term === term && consensus.leaderAddress === leaderAddress;
    const isNewest = !isConsistent || isVerified || consensus.isMajorityWithLeader;
    const hasAll = lastTerm === term && consensus.appliedIndex >= lastIndex;
    return isOurs && isNewest && lastContact === '0' && hasAll;
  } catch {
    return false; // who forwards instead hears what is wrong
  }
}

/**
 * A read that nobody but a verified leader answers. It may be stale so that nobody else is asked for it: a
 * server that leads no more would have its successor answer, who says nothing about the log of the one we
 * ask. About a session that there is not, which no token is needed for.
 */
const verification = {
  ...noQueryOptions,
  allowStale: true,
  requireConsistent: true,
  sessionId: '00000000-0000-0000-0000-000000000000',
  session: '',
};
