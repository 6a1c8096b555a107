// A handler module at work: the thread it lives in, and a new one when that has ended. Next:
// module-thread.ts.

import type { Member, SerfEvent } from '@reeve/serf/core';
import { errorText } from '../../error-text.ts';
import type { Action, EventHandlersHost } from '../action.ts';
import { refusal } from '../refusal.ts';
import { type ModuleSpecification, ModuleThread } from './module-thread.ts';

/** A module as a handler. */
export class ModuleAction implements Action {
  readonly word = 'handler';
  readonly #specification: ModuleSpecification;
  readonly #host: EventHandlersHost;
  #thread: ModuleThread;
  #starting: Promise<ModuleThread> | undefined;

  /** Loads the module and sets it up. Rejects with one sentence for the operator if that cannot be done. */
  static async start(specification: ModuleSpecification, host: EventHandlersHost): Promise<ModuleAction> {
    try {
      return new ModuleAction(specification, host, await ModuleThread.start(specification, host));
    } catch (cause) {
      throw refusal(specification.command, errorText(cause));
    }
  }

  private constructor(specification: ModuleSpecification, host: EventHandlersHost, thread: ModuleThread) {
    this.#specification = specification;
    this.#host = host;
    this.#thread = thread;
  }

  /** Starts a new thread if the last one has ended. */
  async prepare(): Promise<string | undefined> {
    if (!this.#thread.hasEnded) return undefined;
    this.#starting ??= ModuleThread.start(this.#specification, this.#host).finally(() => {
      this.#starting = undefined;
    });
    try {
      this.#thread = await this.#starting;
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }

  async invoke(event: SerfEvent, self: Member, signal: AbortSignal): Promise<string | undefined> {
    const { log, metrics } = this.#host;
    const { command } = this.#specification;
    const startedAt = performance.now();
    const failure = await this.#thread.run(event, self, signal);
    metrics.sample(`agent.invoke.${command}`, performance.now() - startedAt);
    if (failure === undefined) log('debug', `agent: Event '${event.kind}' handled by '${command}'`);
    return failure;
  }

  async close(): Promise<void> {
    await this.#starting?.catch(() => {});
    await this.#thread.close();
  }
}
