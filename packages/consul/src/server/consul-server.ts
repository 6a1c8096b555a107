// One server, put together: raft and state, the port others call, gossip, endpoints, and what a leader does.
// Upstream: agent/consul/server.go. Everything reaches the world through the runtime it is given.

import { formatDuration } from '@reeve/cli';
import { connectByFirstByte, RaftNode } from '@reeve/raft';
import { endpointText, type Listener, splitHostPort } from '@reeve/runtime';
import type { JoinOutcome, Serf, SerfEvent } from '@reeve/serf/core';
import { ConsulStateMachine, StateStore } from '../core/index.ts';
import { ConnectionPool } from '../rpc/connection-pool.ts';
import { type Caller, noNodesQuery, status } from '../rpc/methods/index.ts';
import { RemoteCaller } from '../rpc/remote-caller.ts';
import { ServedSnapshot, type ServeSnapshot } from '../rpc/snapshot/index.ts';
import type { ConsulServerOptions } from './consul-server-options.ts';
import { createEndpoints, type Endpoints } from './endpoints/all.ts';
import { snapshotEndpoint } from './endpoints/snapshot.ts';
import { FollowerReads } from './follower-reads.ts';
import { ExpectedServers } from './gossip/bootstrap-expect.ts';
import { LanGossip } from './gossip/lan-gossip.ts';
import { tellOfServers } from './gossip/tell-of-servers.ts';
import { LatePort } from './late-port.ts';
import { Leadership } from './leader/leadership.ts';
import { unknownHealth } from './leader/server-health.ts';
import { expireSession } from './leader/session-expiry.ts';
import { reapTombstones, TombstoneReaper } from './leader/tombstone-reaper.ts';
import { leaveCluster } from './leave.ts';
import { RaftConsensus } from './raft-consensus.ts';
import { roomForValues } from './room-for-values.ts';
import type { ServerContext } from './server-context.ts';
import { SessionTimers } from './session-timers.ts';
import { StateArchives } from './state-archives.ts';

/** A server that runs. */
export class ConsulServer {
  readonly context: ServerContext;
  readonly consensus: RaftConsensus;
  readonly serf: Serf;
  /** Saves the state of the cluster for operators, and restores what they saved. */
  readonly serveSnapshot: ServeSnapshot;
  readonly #options: ConsulServerOptions;
  readonly #listener: Listener;
  readonly #gossip: LanGossip;
  readonly #raft: RaftNode;
  readonly #endpoints: Endpoints;
  readonly #leadership: Leadership;
  readonly #expected: ExpectedServers | undefined;
  readonly #pool: ConnectionPool;
  readonly #leaving = new AbortController();
  readonly #stopped = new AbortController();
  #wasLeader = false;

  /** Starts a server; rejects if its ports cannot be listened at or its stores make no sense. */
  static async start(options: ConsulServerOptions): Promise<ConsulServer> {
    const port = new LatePort(options.runtime, options.portLimits);
    const listener = await port.listen(options.bind);
    const server = ConsulServer.#behind(listener, options);
    port.serve(
      server.#endpoints.table.serveCall,
      (stream) => server.#raft.accept(stream),
      (stream) => new ServedSnapshot(stream, server.serveSnapshot, options.runtime),
    );
    try {
      await server.#gossip.start();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  static #behind(listener: Listener, options: ConsulServerOptions): ConsulServer {
    try {
      return new ConsulServer(options, listener);
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  private constructor(options: ConsulServerOptions, listener: Listener) {
    const { runtime, isBootstrap, isDevelopment = false, bootstrapExpect } = options;
    this.#options = options;
    this.#listener = listener;
    this.#pool = new ConnectionPool(runtime);
    const tombstones = new TombstoneReaper(runtime, (index) => void reapTombstones(this.context, index));
    const store = new StateStore({ clock: runtime.clock, onTombstone: (index) => tombstones.note(index) });
    this.#raft = this.#createRaft(store);
    this.consensus = new RaftConsensus(this.#raft, runtime);
    this.#gossip = new LanGossip(options, listener.local.port, (event) => this.#onGossip(event));
    this.serf = this.#gossip.serf;
    this.context = this.#createContext(store);
    this.#endpoints = createEndpoints(this.context);
    const archives = new StateArchives({ runtime, raft: this.#raft, snapshots: options.snapshots });
    this.serveSnapshot = snapshotEndpoint(this.context, archives, () => this.#leadership.restart());
    this.#leadership = new Leadership(this.context, this.#gossip, tombstones);
    const isNew = this.consensus.lastLog().index === 0;
    const isAlone = isBootstrap || isDevelopment;
    if (isAlone && isNew) this.#raft.bootstrap({ servers: [{ suffrage: 'voter', ...this.#self() }] });
    this.#expected = bootstrapExpect > 0 ? this.#expectServers(bootstrapExpect) : undefined;
  }

  /** What answers every RPC method, here or elsewhere in the cluster. */
  get caller(): Caller {
    return this.#endpoints.table;
  }

  /** Whether it begins a cluster alone. */
  get isBootstrap(): boolean {
    return this.#options.isBootstrap;
  }

  /** Where others call this server. */
  get address(): string {
    return this.#self().address;
  }

  /** Joins a cluster through any of its agents. */
  join(addresses: readonly string[]): Promise<JoinOutcome> {
    return this.#gossip.join(addresses);
  }

  /** What `info` shows under `raft`. */
  raftStats(): Readonly<Record<string, string>> {
    return this.#raft.stats(formatDuration);
  }

  /** Leaves the cluster; the server is to be stopped afterwards. Rejects if it is leaving already. */
  leave(): Promise<void> {
    const { runtime, nodeId, settings } = this.#options;
    return leaveCluster({
      runtime,
      nodeId,
      consensus: this.consensus,
      drainTimeMs: settings.leaveDrainTimeMs,
      refuseRequests: () => this.#leaving.abort(),
      stopped: this.#stopped.signal,
      leaveGossip: () => this.#gossip.leave(),
    });
  }

  /** Stops without a word to the others. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#leaving.abort(); // nobody is to wait for a leader any more
    this.#expected?.stop();
    this.#leadership.end();
    this.#endpoints.stop();
    const raftStopped = new Promise<void>((resolve) => this.#raft.shutdown(resolve));
    this.#listener.close(); // after raft, which would take what closes now for the death of others
    this.#pool.close();
    this.serf.shutdown();
    await raftStopped;
  }

  #self() {
    const { nodeId, advertiseHost } = this.#options;
    return { id: nodeId, address: endpointText({ host: advertiseHost, port: this.#listener.local.port }) };
  }

  #createRaft(store: StateStore): RaftNode {
    const { runtime, raft: config, log, snapshots, onFatal } = this.#options;
    return new RaftNode({
      ...this.#self(),
      runtime,
      config,
      store: log,
      snapshots,
      stateMachine: new ConsulStateMachine({
        store,
        roomForValues,
        onFatal: (error) => this.#onUnfit(error),
      }),
      connect: connectByFirstByte(runtime.network, raftDialTimeoutMs),
      onChange: () => this.#onRaftChange(),
      onFatal,
    });
  }

  #createContext(store: StateStore): ServerContext {
    const { runtime, datacenter, settings } = this.#options;
    const { consensus } = this;
    const callerAt = (address: string) => this.#callerAt(address);
    const reads = new FollowerReads({ runtime, datacenter, store, consensus, callerAt });
    return {
      runtime,
      datacenter,
      store,
      consensus,
      callerAt,
      mayAnswer: (question) => reads.mayAnswer(question),
      leadership: { isEstablished: false, clusterHealth: unknownHealth },
      sessionTimers: new SessionTimers(runtime, (id) => void expireSession(this.context, id)),
      settings,
      leaving: this.#leaving.signal,
      callerOf: () => undefined, // one datacenter, so far
      keyManager: this.serf.keyManager,
      sendEvent: (name, payload) => this.serf.userEvent(name, payload, false),
      nodeAt: (address) => this.#gossip.nodeAt(address),
    };
  }

  #callerAt(address: string): Caller {
    const { host, port } = splitHostPort(address);
    return new RemoteCaller(this.#pool, { host, port: Number(port) });
  }

  #expectServers(expect: number): ExpectedServers {
    const { runtime, datacenter } = this.#options;
    return new ExpectedServers({
      runtime,
      datacenter,
      expect,
      members: () => this.serf.members(),
      hasRaftData: () => this.consensus.lastLog().index > 0,
      peersOf: async (server) =>
        this.#callerAt(endpointText(server)).call(status.peers, { ...noNodesQuery, datacenter }),
      bootstrap: (configuration) => this.#raft.bootstrap(configuration),
    });
  }

  #onGossip(event: SerfEvent): void {
    this.#options.onGossip(event);
    tellOfServers(event, this.#options.runtime.log);
    if (event.kind === 'user' || event.kind === 'query') return;
    if (event.kind === 'member-join' || event.kind === 'member-update') this.#expected?.look();
    const isReaped = event.kind === 'member-reap';
    for (const member of event.members)
      this.#leadership.onMember(member, isReaped ? 'reaped' : member.status);
  }

  #onRaftChange(): void {
    const { isLeader } = this.consensus;
    if (isLeader === this.#wasLeader) return;
    this.#wasLeader = isLeader;
    if (isLeader) this.#leadership.begin();
    else this.#leadership.end();
  }

  /** This server's state would differ from the others': it must not answer another question. */
  #onUnfit(error: Error): void {
    this.#options.runtime.log('err', `consul.fsm: ${error.message}`);
    void this.stop().then(() => this.#options.onFatal(error));
  }
}

/** Upstream: agent/consul/raft_rpc.go takes the pool's. */
const raftDialTimeoutMs = 10_000;
