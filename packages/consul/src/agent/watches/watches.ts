// The watches of an agent's configuration while they run. They ask the agent over HTTP, as any client does.
// Upstream: agent/agent.go (reloadWatches, stopAllWatches). Next: watch/run-watch.ts, for the loop.

import { setMaxListeners } from 'node:events';
import { compactJson, type JsonObject, type JsonOutput } from '@reeve/cli';
import { ConsulClient } from '../../api/client.ts';
import type { ClientConfig } from '../../api/client-config.ts';
import { logFields } from '../../log/log-fields.ts';
import { runWatch } from '../../watch/run-watch.ts';
import type { WatchMark } from '../../watch/watch-query.ts';
import { type HandlerSurroundings, tellHttpHandler } from './http-handler.ts';
import { type AgentWatch, parseWatches } from './parse-watches.ts';
import { runScriptHandler } from './script-handler.ts';

/** Watches that can be replaced by others. */
export class Watches {
  readonly #surroundings: HandlerSurroundings;
  readonly #agent: ClientConfig | undefined;
  #running = new AbortController();

  /** @param agent how to ask this agent; undefined: it has no HTTP */
  constructor(surroundings: HandlerSurroundings, agent: ClientConfig | undefined) {
    this.#surroundings = surroundings;
    this.#agent = agent;
  }

  /** Ends those that run and starts these. @throws Error in the original's words; none run then */
  replace(definitions: readonly JsonObject[]): void {
    this.stop();
    if (definitions.length === 0) return;
    const agent = this.#agent;
    if (agent === undefined) throw new Error('watch plans require an HTTP or HTTPS endpoint');
    const watches = parseWatches(definitions, this.#surroundings.log);
    this.#running = new AbortController();
    setMaxListeners(0, this.#running.signal); // each watch has its own, or Node takes many for a leak
    for (const watch of watches) this.#start(watch, agent, this.#running.signal);
  }

  /** The same later on. @throws Error that says so */
  reload(definitions: readonly JsonObject[]): void {
    try {
      this.replace(definitions);
    } catch (error) {
      throw new Error(`Failed reloading watches: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Ends them; a handler that runs goes on to its end. */
  stop(): void {
    this.#running.abort();
  }

  #start(watch: AgentWatch, agent: ClientConfig, stop: AbortSignal): void {
    const { datacenter, token, type, query } = watch.plan;
    void runWatch({
      client: new ConsulClient({ ...agent, datacenter, token }),
      query,
      stop,
      onError: ({ message: error }, retry) => {
        const fields = logFields({ type, error, retry });
        this.#surroundings.log('err', `agent.watch.watch: Watch errored${fields}`);
      },
      onResult: (result, mark) => this.#tell(watch, result, mark, stop),
    });
  }

  #tell({ handler }: AgentWatch, result: JsonOutput, mark: WatchMark, stop: AbortSignal): Promise<void> {
    const { log } = this.#surroundings;
    const json = compactJson(result);
    if (typeof mark === 'string') log('err', `agent.watch.watch: ${unindexed}`);
    const index = typeof mark === 'string' ? 0n : mark;
    return handler.kind === 'http'
      ? tellHttpHandler(handler.config, json, index, this.#surroundings)
      : runScriptHandler(handler, json, index, { log, stop });
  }
}

/** Upstream says so, and calls the handler all the same. */
const unindexed =
  'Handler only supports index-based  watches but non index-based watch run. Skipping Handler.';
