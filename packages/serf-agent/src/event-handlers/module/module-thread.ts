// The agent's end of one thread with a handler module in it: starts it, hands it events, serves what it
// asks for, and ends it. A thread ends once, for one reason, and everything it had not finished then has
// failed for that reason. Next: thread-main.ts, the other end; module-action.ts, which starts a new thread
// when one has ended.

import { Worker } from 'node:worker_threads';
import type { Member, SerfEvent } from '@reeve/serf/core';
import { errorText } from '../../error-text.ts';
import type { EventHandlersHost } from '../action.ts';
import type { HandlerSpecification, ModuleReference } from '../handler-entry.ts';
import { pause } from '../pause.ts';
import { respond } from '../respond.ts';
import { copyEvent, copyMember, type FromThread, type ThreadData, type ToThread } from './messages.ts';
import { threadProgram } from './thread-program.ts';

/** A handler whose command names a module. */
export type ModuleSpecification = HandlerSpecification & { readonly module: ModuleReference };

interface Run {
  readonly event: SerfEvent;
  readonly settle: (failure: string | undefined) => void;
}

/** A thread that is set up. */
export class ModuleThread {
  readonly #host: EventHandlersHost;
  readonly #command: string;
  readonly #worker: Worker;
  // Settles when the thread has ended and all it said has been heard.
  readonly #exited: Promise<void>;
  // Bounded by the handler's concurrency.
  readonly #runs = new Map<number, Run>();
  #runCount = 0;
  #name: string;
  #isReady = false;
  #endedBecause: string | undefined;
  #onStart: (refusal: string | undefined) => void = () => {};
  #onClosed: () => void = () => {};

  /** Starts a thread and waits for the module's setup. Rejects with what is wrong, for the operator. */
  static async start(specification: ModuleSpecification, host: EventHandlersHost): Promise<ModuleThread> {
    const thread = new ModuleThread(specification, host);
    const limit = setTimeout(() => thread.#end('its setup took longer than 10s'), setupMs);
    const refusal = await new Promise<string | undefined>((resolve) => {
      thread.#onStart = resolve;
    });
    clearTimeout(limit);
    if (refusal === undefined) return thread;
    thread.#end(refusal);
    await thread.#exited;
    throw new Error(refusal);
  }

  private constructor({ command, module, options }: ModuleSpecification, host: EventHandlersHost) {
    const workerData: ThreadData = { module, options, nodeName: host.nodeName };
    this.#host = host;
    this.#command = command;
    this.#name = command;
    this.#worker = new Worker(threadProgram, {
      workerData,
      execArgv: ['--experimental-import-meta-resolve'], // for its second argument
      resourceLimits: { maxOldGenerationSizeMb: heapMaxMb },
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (message: FromThread) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#end(`it crashed: ${errorText(error)}`));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (status) => {
        this.#end(`it ended its thread with exit code ${status}`);
        resolve();
      });
    });
    // What a module prints belongs into the log: the agent's own output has readers.
    this.#worker.stdout.on('data', (printed) => this.#log('info', `${printed}`));
    this.#worker.stderr.on('data', (printed) => this.#log('warn', `${printed}`));
  }

  /** Whether it has ended, by itself or by us. */
  get hasEnded(): boolean {
    return this.#endedBecause !== undefined;
  }

  /** Hands over an event; resolves with why the module failed, or with undefined. */
  async run(event: SerfEvent, self: Member, signal: AbortSignal): Promise<string | undefined> {
    if (this.#endedBecause !== undefined) return this.#endedBecause;
    const run = this.#runCount++;
    const settled = new Promise<string | undefined>((settle) => this.#runs.set(run, { event, settle }));
    this.#post({ kind: 'event', run, event: copyEvent(event), self: copyMember(self) });
    signal.addEventListener('abort', () => this.#abort(run, errorText(signal.reason)));
    const failure = await settled;
    return signal.aborted && this.#endedBecause === undefined ? errorText(signal.reason) : failure;
  }

  /** Lets the module close what it has, and ends the thread. Never rejects. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#onClosed = resolve;
    });
    this.#post({ kind: 'close' });
    await Promise.race([closed, this.#exited, pause(graceMs)]);
    this.#end(closedByUs);
    await this.#exited;
  }

  #abort(run: number, reason: string): void {
    if (!this.#runs.has(run)) return;
    this.#post({ kind: 'abort', run, reason });
    setTimeout(() => {
      if (this.#runs.has(run)) this.#end(`${reason} and did not stop, so its thread was ended`);
    }, graceMs).unref();
  }

  #onMessage(message: FromThread): void {
    switch (message.kind) {
      case 'loaded':
        this.#name = message.name;
        return;
      case 'ready':
        this.#isReady = true;
        return this.#onStart(undefined);
      case 'refused':
        return this.#onStart(message.reason);
      case 'done':
        this.#runs.get(message.run)?.settle(message.failure);
        this.#runs.delete(message.run);
        return;
      case 'respond':
        return this.#onRespond(message.run, message.answer);
      case 'members':
        return this.#post({
          kind: 'members',
          request: message.request,
          members: this.#host.members().map(copyMember),
        });
      case 'log':
        return this.#log(message.level, message.text);
      case 'closed':
        return this.#onClosed();
    }
  }

  #onRespond(run: number, answer: Uint8Array): void {
    const event = this.#runs.get(run)?.event;
    if (event?.kind === 'query') respond(event, answer, this.#host);
    else this.#log('warn', 'answered a query after it had finished handling it');
  }

  #end(reason: string): void {
    if (this.#endedBecause !== undefined) return;
    this.#endedBecause = reason;
    this.#onStart(reason);
    if (this.#runs.size === 0 && this.#isReady && reason !== closedByUs)
      this.#host.log('err', `agent: Handler '${this.#command}' failed between events: ${reason}`);
    for (const { settle } of this.#runs.values()) settle(reason);
    this.#runs.clear();
    void this.#worker.terminate();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #log(level: 'debug' | 'info' | 'warn' | 'err', text: string): void {
    this.#host.log(level, `handler.${this.#name}: ${text}`);
  }
}

const closedByUs = 'it was closed before it had finished';
const setupMs = 10_000;
// How long a module may go on after it was told to stop.
const graceMs = 2_000;
// Far more than a handler needs; one that leaks ends its own thread and not the machine.
const heapMaxMb = 256;
