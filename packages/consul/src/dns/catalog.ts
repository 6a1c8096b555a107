// What DNS asks servers: instances of services, nodes, and whose an address is. Upstream: agent/dns.go
// (lookupServiceNodes, lookupNode, handlePtr).

import type { Metrics, Runtime } from '@reeve/runtime';
import type { Node } from '../core/index.ts';
import { Remembered } from '../remembered/by-key.ts';
import {
  type Caller,
  health,
  type InstancesHealth,
  type Method,
  type Nodes,
  type QueryMeta,
  type QueryOptions,
  catalog as serverCatalog,
} from '../rpc/methods/index.ts';
import { reversedAddress, reverseName } from './answers/reverse.ts';
import { CurrentAnswers } from './current-answers.ts';
import type { ServiceForm } from './name-form.ts';
import type { DnsSettings } from './settings.ts';

/** The catalog, as far as names are concerned. Questions fail with what the caller fails with. */
export class Catalog {
  readonly #caller: Caller;
  readonly #runtime: Runtime;
  readonly #metrics: Metrics;
  readonly #settings: DnsSettings;
  readonly #kept: CurrentAnswers;
  readonly #keys = new Remembered<ServiceForm, string>();
  readonly #byAddress = new WeakMap<Nodes, ReadonlyMap<string, Node>>();

  constructor(caller: Caller, runtime: Runtime, settings: DnsSettings) {
    this.#caller = caller;
    this.#runtime = runtime;
    this.#metrics = runtime.metrics;
    this.#settings = settings;
    this.#kept = new CurrentAnswers(caller);
  }

  /** The instances of a service in any health. As long as nothing changes, the same object is the answer. */
  instances(form: ServiceForm): Promise<InstancesHealth> | InstancesHealth {
    const { kind, service, tag, datacenter = this.#settings.datacenter } = form;
    const key = this.#keys.of(form, () => `${kind} ${datacenter} ${service} ${tag}`);
    const question = () => ({
      ...health.serviceNodes.request.zero(),
      ...this.#options(datacenter),
      serviceName: service,
      serviceTags: [tag],
      tagFilter: tag !== '',
      connect: kind === 'connect',
      ingress: kind === 'ingress',
    });
    return this.#ask(key, health.serviceNodes, question, ({ nodes }) => (nodes?.length ?? 0) > 0);
  }

  /** A node; undefined if there is none of this name. */
  async node(name: string, datacenter = this.#settings.datacenter): Promise<Node | undefined> {
    const method = serverCatalog.nodeServices;
    const question = () => ({ ...method.request.zero(), ...this.#options(datacenter), node: name });
    const isFound = (answer: { nodeServices: unknown }) => answer.nodeServices !== null;
    const { nodeServices } = await this.#ask(`node ${datacenter} ${name}`, method, question, isFound);
    return nodeServices?.node ?? undefined;
  }

  /** The node that has the address for which a name of `arpa.` in lower case stands. */
  async nodeAt(name: string): Promise<Node | undefined> {
    const method = serverCatalog.listNodes;
    const question = () => ({ ...method.request.zero(), ...this.#options(this.#settings.datacenter) });
    const nodes = await this.#ask('nodes', method, question, () => true);
    const byAddress = this.#byAddress.get(nodes) ?? byReverseName(nodes.nodes ?? []);
    this.#byAddress.set(nodes, byAddress);
    return byAddress.get(name);
  }

  /** The name of a service that has the address of its own for which a name of `arpa.` stands. */
  async serviceAt(name: string): Promise<string | undefined> {
    const address = reversedAddress(name);
    if (address === undefined) return undefined;
    const method = serverCatalog.serviceNodes;
    const options = this.#options(this.#settings.datacenter);
    const question = { ...method.request.zero(), ...options, serviceAddress: address };
    const { serviceNodes } = await this.#caller.call(method, question);
    return serviceNodes?.find(({ service }) => service.address === address)?.service.service;
  }

  /** Forgets what is kept, and asks nothing any more by itself. */
  close(): void {
    this.#kept.close();
  }

  #options(datacenter: string): Pick<QueryOptions, 'datacenter' | 'token' | 'allowStale'> {
    const { token, allowStale } = this.#settings;
    return { datacenter, token, allowStale };
  }

  #ask<Question extends QueryOptions, Answer extends QueryMeta>(
    key: string,
    method: Method<Question, Answer>,
    question: () => Question,
    isFound: (answer: Answer) => boolean,
  ): Promise<Answer> | Answer {
    return this.#kept.get<Answer>(key) ?? this.#askServer(key, method, question(), isFound);
  }

  /** What is not found is not kept, since anybody can think of any number of names. */
  async #askServer<Question extends QueryOptions, Answer extends QueryMeta>(
    key: string,
    method: Method<Question, Answer>,
    question: Question,
    isFound: (answer: Answer) => boolean,
  ): Promise<Answer> {
    const { allowStale, maxStaleMs, datacenter } = this.#settings;
    const answer = await this.#caller.call(method, question);
    const ageMs = answer.lastContactNs / nsPerMs;
    if (allowStale && ageMs > maxStaleMs) {
      this.#runtime.log('warn', 'agent.dns: Query results too stale, re-requesting');
      return this.#caller.call(method, { ...question, allowStale: false });
    }
    if (allowStale && ageMs > oldMs) this.#metrics.count('dns.stale_queries', 1);
    const mayKeep = allowStale && maxStaleMs >= keepableStaleMs && question.datacenter === datacenter;
    if (mayKeep && isFound(answer)) this.#kept.keep(key, method, question, answer);
    return answer;
  }
}

/** The first node that has an address counts. */
function byReverseName(nodes: readonly Node[]): Map<string, Node> {
  const byName = new Map<string, Node>();
  for (const node of nodes) {
    const name = reverseName(node.address);
    if (name !== undefined && !byName.has(name)) byName.set(name, node);
  }
  return byName;
}

/** Who wants nothing older than a few minutes asks each time. */
const keepableStaleMs = 600_000;
/** Older answers are counted (upstream: staleCounterThreshold). */
const oldMs = 5_000;
const nsPerMs = 1e6;
