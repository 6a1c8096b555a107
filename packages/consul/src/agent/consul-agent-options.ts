// What an agent is made of, and what a reload may change of it. Who reads a configuration makes both
// (options/agent-options.ts), and consul-agent.ts takes them.

import type { JsonOutput } from '@reeve/cli';
import type { Endpoint } from '@reeve/runtime';
import type { DnsSettings } from '../dns/index.ts';
import type { BodyLimits } from '../http/agent.ts';
import type { AgentIdentity, MetricSource } from '../http/cluster-agent.ts';
import type { QuestionDefaults } from '../http/question.ts';
import type { HttpSettings } from '../http/respond.ts';
import type { OwnNode } from '../local/anti-entropy/sync-context.ts';
import type { Definitions } from '../local/registrations/load-registrations.ts';
import type { FollowedLog } from '../log/agent-log.ts';
import type { CallRate } from '../rpc/limited-caller.ts';
import type { ConsulServerOptions } from '../server/consul-server-options.ts';
import type { LocalParts } from './options/local-options.ts';

/** Where to listen: an address and a port (0: any), or the path of a Unix socket. */
export type HttpAddress = Endpoint | { readonly path: string };

/** What an agent is made of. */
export interface ConsulAgentOptions {
  readonly server: ConsulServerOptions;
  readonly identity: AgentIdentity;
  readonly http: {
    readonly at: readonly HttpAddress[];
    readonly settings: HttpSettings;
    readonly limits: BodyLimits;
    readonly defaults: QuestionDefaults;
    readonly connectionsPerClientMax: number;
    /** `http_config.use_cache`: questions may be answered from what is kept. */
    readonly usesCache: boolean;
  };
  readonly dns: { readonly at: readonly Endpoint[]; readonly settings: DnsSettings };
  /** Its own services and checks; `localParts` has them from a configuration. */
  readonly local: LocalParts;
  /** How many calls it may make. */
  readonly callRate: CallRate;
  /** `disable_remote_exec` is false: whoever may fire events has commands run here. */
  readonly runsRemoteCommands: boolean;
  /** What is logged, for those who look on over HTTP. */
  readonly log: FollowedLog;
  /** What is measured, for the same. */
  readonly metrics: MetricSource;
  /** What `agent/self` shows of the configuration. */
  readonly debugConfig: { readonly [key: string]: JsonOutput };
  /** Reads the configuration again; rejects with what is wrong with it. */
  readonly reload: () => Promise<void>;
  /** It has joined somebody, at its start or when told to. */
  readonly onJoined: () => void;
  /** The agent has left and is to end. */
  readonly onLeft: () => void;
}

/** What a reload may change. */
export interface Reconfiguration {
  readonly definitions: Definitions;
  readonly node: OwnNode;
  readonly callRate: CallRate;
  readonly connectionsPerClientMax: number;
  readonly dns: DnsSettings;
}
