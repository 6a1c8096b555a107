// Where an agent is asked: HTTP, at addresses and paths, and DNS.

import { listProblems } from '@reeve/cli';
import type { Endpoint, Runtime } from '@reeve/runtime';
import { listenAtPath } from '@reeve/runtime/node';
import { type DnsServer, type Resolver, startDnsServer } from '../dns/index.ts';
import { HttpFront, type Listen } from '../http/connection/front.ts';
import type { Respond } from '../http/connection/service.ts';
import type { HttpAddress } from './consul-agent-options.ts';

/** Listens at as many addresses as it is told to. */
export class Listeners {
  readonly #runtime: Runtime;
  readonly #fronts: HttpFront[] = [];
  readonly #httpPorts: number[] = [];
  readonly #dnsServers: DnsServer[] = [];

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** The ports that HTTP listens at, in the order of its addresses; those that are paths have none. */
  get httpPorts(): readonly number[] {
    return this.#httpPorts;
  }

  /** Rejects if one cannot be listened at; the others are there until `close`. */
  async listenDns(addresses: readonly Endpoint[], resolver: Resolver): Promise<void> {
    const parts = { runtime: this.#runtime, resolver };
    for (const at of addresses) {
      const started = new Promise<DnsServer>((resolve, reject) => {
        startDnsServer(parts, at, (result) => {
          if (result.ok) return resolve(result.value);
          const problems = (result.error.errors as readonly Error[]).map(({ message }) => message);
          reject(new Error(listProblems(problems), { cause: result.error }));
        });
      });
      this.#dnsServers.push(await started);
    }
  }

  /** Rejects if one cannot be listened at; the others are there until `close`. */
  async listenHttp(
    addresses: readonly HttpAddress[],
    respond: Respond,
    connectionsPerClientMax: number,
  ): Promise<void> {
    const runtime = this.#runtime;
    for (const at of addresses) {
      const listen: Listen = (accept, done) =>
        'path' in at
          ? listenAtPath(at.path, accept, done)
          : runtime.network.listen(at, accept, (result) => {
              if (result.ok) this.#httpPorts.push(result.value.local.port);
              done(result);
            });
      this.#fronts.push(await HttpFront.start({ runtime, respond, connectionsPerClientMax }, listen));
    }
  }

  /** From now on a client may have so many connections of HTTP; those that it has stay. */
  limit(connectionsPerClientMax: number): void {
    for (const front of this.#fronts) front.limit(connectionsPerClientMax);
  }

  /** Listens no more; resolves when answers of HTTP that are under way have been given, or dropped. */
  async close(): Promise<void> {
    for (const server of this.#dnsServers) server.close();
    await Promise.all(this.#fronts.map((front) => front.close()));
  }
}
