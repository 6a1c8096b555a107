// An agent in server mode: the server, with HTTP and DNS in front of it. Upstream: agent/agent.go.
// Who starts it has read the configuration (cli/commands/agent.ts).

import type { JsonOutput } from '@reeve/cli';
import type { JoinOutcome, Member, SerfEvent } from '@reeve/serf/core';
import { Resolver } from '../dns/index.ts';
import type { BodyLimits, RegisteringAgent } from '../http/agent.ts';
import { AgentCache } from '../http/agent-cache.ts';
import type { AgentIdentity, ClusterAgent, MetricSource } from '../http/cluster-agent.ts';
import type { QuestionDefaults } from '../http/question.ts';
import type { RawRequest } from '../http/request.ts';
import { Responder } from '../http/respond.ts';
import { allRoutes } from '../http/routes/all.ts';
import { LocalAgent } from '../local/local-agent.ts';
import type { FollowedLog } from '../log/agent-log.ts';
import { logFields } from '../log/log-fields.ts';
import { CallLimit, LimitedCaller, limitedSnapshot } from '../rpc/limited-caller.ts';
import type { Caller } from '../rpc/methods/index.ts';
import type { ServeSnapshot } from '../rpc/snapshot/index.ts';
import { ConsulServer } from '../server/consul-server.ts';
import { newLeaderEvent } from '../server/gossip/tell-of-servers.ts';
import { agentStats } from './agent-stats.ts';
import type { ConsulAgentOptions, Reconfiguration } from './consul-agent-options.ts';
import { UserEvents } from './events/user-events.ts';
import { hostInfo } from './host-info/host-info.ts';
import { Listeners } from './listeners.ts';
import { doRemoteJob } from './remote-exec/remote-exec.ts';
import { RequestLog } from './request-log.ts';

/** An agent that runs. */
export class ConsulAgent implements ClusterAgent, RegisteringAgent {
  readonly identity: AgentIdentity;
  readonly defaults: QuestionDefaults;
  readonly limits: BodyLimits;
  readonly server: ConsulServer;
  readonly events: UserEvents;
  readonly log: FollowedLog;
  readonly metrics: MetricSource;
  readonly caller: Caller;
  readonly snapshot: ServeSnapshot;
  readonly cache: AgentCache | undefined;
  readonly local: LocalAgent;
  readonly #options: ConsulAgentOptions;
  readonly #callLimit: CallLimit;
  readonly #resolver: Resolver;
  readonly #listeners: Listeners;
  #leaving: Promise<void> | undefined;

  /** Starts an agent; rejects if something cannot be listened at, and then nothing runs. */
  static async start(options: ConsulAgentOptions): Promise<ConsulAgent> {
    let agent: ConsulAgent | undefined;
    const events = eventsOf(options, () => agent);
    const onGossip = (event: SerfEvent) => {
      events.onGossip(event);
      if (event.kind === 'user' && event.name === newLeaderEvent) agent?.local.entropy.triggerFull();
      options.server.onGossip(event);
    };
    const server = await ConsulServer.start({ ...options.server, onGossip }).catch((error: Error) => {
      throw new Error(`Failed to start Consul server: ${error.message}`, { cause: error });
    });
    agent = new ConsulAgent(options, server, events);
    try {
      await agent.local.start(options.local.definitions);
      await agent.#listen();
      return agent;
    } catch (error) {
      await agent.stop();
      throw error;
    }
  }

  private constructor(options: ConsulAgentOptions, server: ConsulServer, events: UserEvents) {
    this.#options = options;
    this.server = server;
    this.events = events;
    this.log = options.log;
    this.metrics = options.metrics;
    const { runtime, datacenter } = options.server;
    this.#callLimit = new CallLimit(runtime.clock, options.callRate);
    this.caller = new LimitedCaller(server.caller, this.#callLimit);
    this.snapshot = limitedSnapshot(server.serveSnapshot, this.#callLimit);
    this.cache = options.http.usesCache ? new AgentCache(this.caller, runtime) : undefined;
    this.identity = options.identity;
    this.defaults = options.http.defaults;
    this.limits = options.http.limits;
    this.local = new LocalAgent({
      ...options.local,
      runtime,
      datacenter,
      caller: this.caller,
      clusterSize: () => server.serf.members().length,
    });
    this.#resolver = new Resolver(this.caller, runtime, options.dns.settings);
    this.#listeners = new Listeners(runtime);
  }

  get nodeMeta(): ReadonlyMap<string, string> {
    return this.local.node.meta;
  }

  /** The ports that HTTP listens at, in the order of its addresses; those that are paths have none. */
  get httpPorts(): readonly number[] {
    return this.#listeners.httpPorts;
  }

  readonly cluster: ClusterAgent['cluster'] = {
    members: () => this.server.serf.members().toSorted(byName),
    wanMembers: () => null,
    localMember: () => this.server.serf.localMember(),
    coordinate: () => this.server.serf.coordinate(this.identity.nodeName),
    join: (address, wan) => this.#join(address, wan),
    forceLeave: (node, prune) => this.#forceLeave(node, prune),
    leave: () => this.leave(),
    reload: () => this.#options.reload(),
  };

  stats(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return agentStats(this.identity, this.server, this.local.state);
  }

  hostInfo(): Promise<JsonOutput> {
    return hostInfo();
  }

  debugConfig(): { readonly [key: string]: JsonOutput } {
    return this.#options.debugConfig;
  }

  /**
   * From now on this holds: own services, checks and node metadata, limits, and of DNS all but the names of
   * datacenter and domain. Nothing else changes while an agent runs, as upstream.
   */
  async reconfigure(wanted: Reconfiguration): Promise<void> {
    await this.local.reload(wanted.definitions, wanted.node);
    this.#callLimit.configure(wanted.callRate);
    this.#listeners.limit(wanted.connectionsPerClientMax);
    const { domain, altDomain, datacenter, translatesAddresses } = this.#options.dns.settings;
    this.#resolver.configure({ ...wanted.dns, domain, altDomain, datacenter, translatesAddresses });
  }

  /** Joins a cluster through any of its agents, and says so in the log. */
  async join(addresses: readonly string[]): Promise<JoinOutcome> {
    const { log } = this.#options.server.runtime;
    log('info', `agent: (LAN) joining${logFields({ lan_addresses: addresses })}`);
    const outcome = await this.server.join(addresses);
    const number_of_nodes = `${outcome.joined}`;
    if (outcome.joined > 0) {
      log('info', `agent: (LAN) joined${logFields({ number_of_nodes })}`);
      this.#options.onJoined();
    } else {
      const error = outcome.error?.message ?? 'no agent answered';
      log('warn', `agent: (LAN) couldn't join${logFields({ number_of_nodes, error })}`);
    }
    return outcome;
  }

  /**
   * Says goodbye to the cluster; the agent is to be stopped afterwards. Whoever asks while it leaves waits
   * for the same. If it fails it may be tried again.
   */
  leave(): Promise<void> {
    this.#leaving ??= this.server
      .leave()
      .then(() => this.#options.onLeft())
      .catch((error: Error) => {
        this.#leaving = undefined;
        throw error;
      });
    return this.#leaving;
  }

  /** Stops without a word. */
  async stop(): Promise<void> {
    this.cache?.stop();
    this.local.stop();
    this.#resolver.close();
    await this.#listeners.close();
    await this.server.stop();
  }

  async #listen(): Promise<void> {
    const { http, dns, server } = this.#options;
    await this.#listeners.listenDns(dns.at, this.#resolver);
    const { runtime } = server;
    const responder = new Responder<ClusterAgent & RegisteringAgent>(
      allRoutes(!server.serf.disableCoordinates),
      this,
      http.settings,
      new RequestLog({ runtime, isHeard: (level) => this.log.isHeard(level) }),
    );
    const respond = (request: RawRequest) => responder.respond(request);
    await this.#listeners.listenHttp(http.at, respond, http.connectionsPerClientMax);
  }

  async #join(address: string, wan: boolean): Promise<void> {
    if (wan) throw new Error('WAN Federation is disabled');
    const { joined, error } = await this.join([address]);
    if (joined === 0) throw new Error(error?.message ?? `no agent was found at ${address}`);
  }

  #forceLeave(node: string, prune: boolean): Promise<void> {
    if (!this.server.serf.members().some(({ name }) => name === node)) {
      throw new Error(`agent: No node found with name '${node}'`);
    }
    return new Promise((resolve, reject) => {
      this.server.serf.forceLeave(node, prune, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }
}

/** @param agent undefined until it has started */
function eventsOf(
  { identity, server, runsRemoteCommands }: ConsulAgentOptions,
  agent: () => ConsulAgent | undefined,
): UserEvents {
  const { runtime, datacenter } = server;
  const { nodeName } = identity;
  const services = () => agent()?.local.state.services() ?? [];
  return new UserEvents({
    runtime,
    audience: { nodeName, services: () => new Map(services().map(({ id, tags }) => [id, tags ?? []])) },
    onRemoteExec: (event) => {
      const caller = agent()?.caller;
      if (runsRemoteCommands && caller !== undefined) {
        return void doRemoteJob(event, { runtime, caller, datacenter, nodeName, token: '' });
      }
      const fields = logFields({ event_name: event.name, event_id: event.id });
      runtime.log('info', `agent: ignoring remote exec event, disabled.${fields}`);
    },
  });
}

function byName(a: Member, b: Member): number {
  return a.name < b.name ? -1 : 1;
}
