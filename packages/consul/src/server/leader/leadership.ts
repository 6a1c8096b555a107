// What a server does from the moment it leads until it does no longer: it catches up, takes over sessions and
// tombstones, and keeps the catalog as gossip says. Upstream: agent/consul/leader.go (monitorLeadership,
// leaderLoop, establishLeadership).
//
// Invariant: of the work begun under one leadership nothing goes on under the next; each has a term.

import type { Member } from '@reeve/serf/core';
import { listSessions, readAutopilot } from '../../core/index.ts';
import { pause } from '../../waiting/pause.ts';
import { apply } from '../apply.ts';
import { serverOf } from '../gossip/server-member.ts';
import type { ServerContext } from '../server-context.ts';
import { Autopilot } from './autopilot.ts';
import type { GossipPool } from './gossip-pool.ts';
import { type MemberFate, reconcileAll, reconcileMember } from './reconcile.ts';
import type { TombstoneReaper } from './tombstone-reaper.ts';

/** The work of a leader. */
export class Leadership {
  readonly #server: ServerContext;
  readonly #pool: GossipPool;
  readonly #tombstones: TombstoneReaper;
  readonly #autopilot: Autopilot;
  /** Ends the present term; undefined while somebody else leads. */
  #term: AbortController | undefined;
  /** What became of members since the last look, the newest by name: bounded by the members there are. */
  readonly #news = new Map<string, { readonly member: Member; readonly fate: MemberFate }>();
  /** Ends the pause between two looks. */
  #wake: AbortController | undefined;

  constructor(server: ServerContext, pool: GossipPool, tombstones: TombstoneReaper) {
    this.#server = server;
    this.#pool = pool;
    this.#tombstones = tombstones;
    this.#autopilot = new Autopilot(server, pool);
  }

  /** This server leads from now on. */
  begin(): void {
    this.#server.runtime.log('info', 'consul: cluster leadership acquired');
    this.#pool.announceLeader();
    const term = new AbortController();
    this.#term = term;
    void this.#lead(term.signal);
  }

  /** It leads no more, or stops. */
  end(): void {
    if (this.#term === undefined) return;
    this.#server.runtime.log('info', 'consul: cluster leadership lost');
    this.#term.abort();
    this.#term = undefined;
    this.#wake?.abort();
    this.#news.clear();
    this.#server.leadership.isEstablished = false;
    this.#server.sessionTimers.stopAll();
    this.#tombstones.stop();
    this.#autopilot.stop();
  }

  /** The state is another: all that a leader has worked out from it is worked out again. */
  restart(): void {
    if (this.#term === undefined) return;
    this.end();
    this.begin();
  }

  /** Gossip says that something became of a member. */
  onMember(member: Member, fate: MemberFate): void {
    if (this.#term === undefined) return; // whoever leads next looks at all of them
    this.#news.set(member.name, { member, fate });
    this.#wake?.abort();
  }

  async #lead(term: AbortSignal): Promise<void> {
    while (!term.aborted) {
      try {
        await this.#look(term);
      } catch (error) {
        const { message } = error as Error;
        this.#server.runtime.log('err', `consul: failed to reconcile: error="${message}"`);
      }
      await this.#untilNextLook(term);
    }
  }

  async #look(term: AbortSignal): Promise<void> {
    const { consensus, leadership } = this.#server;
    await consensus.barrier();
    if (term.aborted) return;
    if (!leadership.isEstablished) await this.#establish(term);
    if (!term.aborted) await reconcileAll(this.#server, this.#pool);
  }

  /** Takes over what only a leader does. Everything written before is applied here by now. */
  async #establish(term: AbortSignal): Promise<void> {
    const { store, consensus, datacenter, sessionTimers, leadership, settings } = this.#server;
    this.#tombstones.start(consensus.lastLog().index);
    for (const session of listSessions(store.tables, null).value) sessionTimers.restart(session);
    if (readAutopilot(store.tables, null).value === null) {
      const request = { datacenter, token: '', config: settings.autopilot, cas: false };
      await apply(this.#server, { type: 'autopilot', request });
    }
    if (term.aborted) return;
    this.#autopilot.start();
    leadership.isEstablished = true;
  }

  /** Members are looked at as they come; all of them again after a while. */
  async #untilNextLook(term: AbortSignal): Promise<void> {
    const { runtime } = this.#server;
    const until = runtime.clock.now() + reconcileIntervalMs;
    while (!term.aborted && runtime.clock.now() < until) {
      this.#wake = new AbortController();
      if (this.#news.size === 0) await pause(runtime, until - runtime.clock.now(), this.#wake.signal);
      await this.#reconcileNews(term);
    }
  }

  async #reconcileNews(term: AbortSignal): Promise<void> {
    for (const [name, { member, fate }] of this.#news) {
      if (term.aborted) return;
      this.#news.delete(name);
      try {
        await reconcileMember(this.#server, this.#pool, member, fate);
        if (fate === 'alive' && serverOf(member) !== undefined) await this.#autopilot.onServerJoined();
      } catch (error) {
        const { message } = error as Error;
        this.#server.runtime.log(
          'err',
          `consul: failed to reconcile member: member=${name} error="${message}"`,
        );
      }
    }
  }
}

/** Upstream's number. */
const reconcileIntervalMs = 60_000;
