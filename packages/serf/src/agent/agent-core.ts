// The agent's own part in front of its serf node: it logs what is asked of it and passes it on, keeps its
// tags in their file, and ends in order: first the node, then what served it. Pure, like the node: the
// program around it brings files, sockets and processes, a simulation the same on virtual time.
//
// Life: start, perhaps leave, and at last shutdown; or the node ends by itself, when it lost its name.
// Upstream: cmd/serf/command/agent/agent.go. Before the start: restored-files.ts. Next: retry-join.ts,
// script-queue.ts.

import { decodeText } from '@reeve/bytes';
import { quote } from '@reeve/cli';
import type { Log, Runtime } from '@reeve/runtime';
import {
  type Acquaintance,
  type JoinOutcome,
  type KeyManager,
  type KeyOutcome,
  type QueryHandle,
  type QueryHandlers,
  type QueryParams,
  Serf,
  type SerfConfig,
  type SerfEvent,
  type Tags,
} from '../core/index.ts';
import { eventText } from './event-text.ts';
import { SharedCall } from './shared-call.ts';
import { writeTagsFile } from './tags-file.ts';

/** What an agent is made of. */
export interface AgentCoreOptions {
  /** The settings of the node, those from files included; see restoreFiles. */
  readonly serf: SerfConfig;
  /** Where changed tags are kept; empty: nowhere. */
  readonly tagsFile: string;
  readonly runtime: Runtime;
  readonly handlers: AgentCoreHandlers;
  /** As of `Serf`. */
  readonly known?: Acquaintance | undefined;
}

/** What an agent tells whoever runs it. */
export interface AgentCoreHandlers {
  /** Something happened in the cluster; what may be called from here is as with `SerfHandlers`. */
  onEvent(event: SerfEvent): void;
  /** The node is down. Calls `done` when everything that served it has ended. */
  onDown(done: () => void): void;
  /** The agent is down, whoever wanted that. */
  onStopped(): void;
}

/** One agent. */
export class AgentCore {
  readonly serf: Serf;
  readonly #options: AgentCoreOptions;
  readonly #log: Log;
  readonly #leave = new SharedCall<Error | undefined>((done) => this.#makeLeave(done));
  readonly #shutdown = new SharedCall<void>((done) => this.#makeShutdown(done));
  #isSerfDown = false;
  #onSerfDown = (): void => {};

  /** @throws SerfError when the configuration cannot be run. */
  constructor(options: AgentCoreOptions) {
    const { serf, runtime, handlers, known } = options;
    this.#options = options;
    this.#log = runtime.log;
    const onEvent = (event: SerfEvent): void => {
      this.#log('info', `agent: Received event: ${eventText(event)}`);
      handlers.onEvent(event);
    };
    this.serf = new Serf(serf, runtime, { onEvent, onShutdown: () => this.#onShutdown() }, known);
  }

  /** Whether it was told to end, or ends by itself. */
  get isEnding(): boolean {
    return this.#shutdown.isMade;
  }

  /** Starts the node. */
  start(done: (error?: Error) => void): void {
    this.#log('info', 'agent: Serf agent starting');
    this.serf.start(done);
  }

  /** Joins; with `replay` events sent before are told. `done` may run inside this call. */
  join(addresses: readonly string[], replay: boolean, done: (outcome: JoinOutcome) => void): void {
    this.#log('info', `agent: joining: [${addresses.join(' ')}] replay: ${replay}`);
    this.serf.join(addresses, !replay, (outcome) => {
      const { joined, error } = outcome;
      if (joined > 0) this.#log('info', `agent: joined: ${joined} nodes`);
      if (error !== undefined) this.#log('warn', `agent: error joining: ${error.message}`);
      done(outcome);
    });
  }

  /** Declares a failed member left; with `prune` it is forgotten. `done` may run inside this call. */
  forceLeave(node: string, prune: boolean, done: (error?: Error) => void): void {
    const how = prune ? ' (prune)' : '';
    this.#log('info', `agent: Force leaving node${how}: ${node}`);
    this.serf.forceLeave(node, prune, (error) => {
      if (error) this.#log('warn', `agent: failed to remove node${how}: ${error.message}`);
      done(error);
    });
  }

  /** Sends an event to everybody. @throws SerfError when it is too large. */
  userEvent(name: string, payload: Uint8Array, coalesce: boolean): void {
    const content = quote(decodeText(payload));
    const what = `${name}. Coalesced: ${coalesce}. Payload: ${content}`;
    this.#log('debug', `agent: Requesting user event send: ${what}`);
    this.#logged('agent: failed to send user event', () => this.serf.userEvent(name, payload, coalesce));
  }

  /** Asks the cluster. @throws Error when the name is reserved, SerfError as `Serf.query`. */
  query(name: string, payload: Uint8Array, params: QueryParams, handlers: QueryHandlers): QueryHandle {
    const isPing = name === `${internalPrefix}ping` && payload.length === 0;
    if (name.startsWith(internalPrefix) && !isPing)
      throw new Error(`Queries cannot contain the '${internalPrefix}' prefix`);
    this.#log('debug', `agent: Requesting query send: ${name}. Payload: ${quote(decodeText(payload))}`);
    const ask = (): QueryHandle => this.serf.query(name, payload, params, handlers);
    return this.#logged('agent: failed to start user query', ask);
  }

  /** Replaces the tags, first in their file, then everywhere. `done` may run inside this call. */
  setTags(tags: Tags, done: (error?: Error) => void): void {
    const { tagsFile, runtime } = this.#options;
    // Upstream asks only afterwards; then tags that are too long stay in the file and prevent the next start.
    const problem = this.serf.findTagsProblem(tags);
    if (problem !== undefined) return done(problem);
    if (tagsFile === '') return this.serf.setTags(tags, done);
    writeTagsFile(runtime.disk, tagsFile, tags, (error) => {
      if (error === undefined) return this.serf.setTags(tags, done);
      this.#log('err', `agent: ${error.message}`);
      done(error);
    });
  }

  /** Says goodbye; whoever asks while that goes on waits for it. Upstream ends at once and half-way. */
  leave(done: (error?: Error) => void): void {
    this.#leave.ask(done);
  }

  /** Takes the node down, and then what served it. */
  shutdown(done: () => void): void {
    this.#shutdown.ask(done);
  }

  /** Changes or lists the keys of the cluster. */
  askForKeys(
    what: string,
    ask: (keys: KeyManager, done: (outcome: KeyOutcome) => void) => void,
    done: (outcome: KeyOutcome) => void,
  ): void {
    this.#log('info', `agent: Initiating ${what}`);
    ask(this.serf.keyManager, done);
  }

  #makeLeave(done: (error?: Error) => void): void {
    this.#log('info', 'agent: requesting graceful leave from Serf');
    this.serf.leave(done);
  }

  #makeShutdown(done: () => void): void {
    const { handlers } = this.#options;
    this.#onSerfDown = () =>
      handlers.onDown(() => {
        this.#log('info', 'agent: shutdown complete');
        done();
        handlers.onStopped();
      });
    this.#log('info', 'agent: requesting serf shutdown');
    if (this.#isSerfDown) this.#onSerfDown();
    else this.serf.shutdown();
  }

  #onShutdown(): void {
    this.#isSerfDown = true;
    if (this.isEnding) return this.#onSerfDown();
    this.#log('warn', 'agent: Serf shutdown detected, quitting');
    this.shutdown(() => {});
  }

  #logged<T>(problem: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.#log('warn', `${problem}: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }
}

const internalPrefix = '_serf_';
