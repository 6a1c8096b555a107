// What routes need of the agent they belong to. Next: cluster-agent.ts, for those about the cluster.

import type { LocalAgent } from '../local/local-agent.ts';
import type { Caller } from '../rpc/methods/index.ts';
import type { AgentCache } from './agent-cache.ts';
import type { QuestionDefaults } from './question.ts';

/** An agent, as far as its HTTP interface is concerned. */
export interface HttpAgent {
  /** Asks servers: this one, if it is a server, or others. */
  readonly caller: Caller;
  readonly defaults: QuestionDefaults;
  readonly limits: BodyLimits;
  /** Answers `?cached`; undefined: that is ignored (`http_config.use_cache`). */
  readonly cache: AgentCache | undefined;
}

/** One with services and checks of its own. */
export interface RegisteringAgent extends HttpAgent {
  readonly local: LocalAgent;
}

/** `limits.*` of the configuration that concern bodies. */
export interface BodyLimits {
  /** Of everything that is registered: ours, upstream takes any. */
  readonly recordBytesMax: number;
  /** `kv_max_value_size` */
  readonly kvValueBytesMax: number;
  /** `txn_max_req_len` */
  readonly txnBytesMax: number;
}
