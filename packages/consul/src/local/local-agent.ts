// The part of an agent that is about its own services and checks, put together. Servers and clients have it
// alike. Next: registrations/registrations.ts (what changes it), anti-entropy/ (what tells the catalog).

import type { Runtime } from '@reeve/runtime';
import type { Caller } from '../rpc/methods/index.ts';
import { AntiEntropy, type SyncTimings } from './anti-entropy/anti-entropy.ts';
import { CatalogSync } from './anti-entropy/catalog-sync.ts';
import type { OwnNode, SyncContext } from './anti-entropy/sync-context.ts';
import type { Probes } from './checks/probe.ts';
import { RunningChecks } from './checks/running-checks.ts';
import { type Folders, RegistrationFiles } from './persistence/registration-files.ts';
import {
  type Definitions,
  loadRegistrations,
  reloadRegistrations,
} from './registrations/load-registrations.ts';
import { type RegistrationSettings, Registrations } from './registrations/registrations.ts';
import { LocalState } from './state/local-state.ts';

/** What it is made of. */
export interface LocalAgentOptions {
  readonly runtime: Runtime;
  readonly datacenter: string;
  /** Asks servers. */
  readonly caller: Caller;
  /** The agent's node as the catalog is to have it. */
  readonly node: OwnNode;
  readonly tokens: SyncContext['tokens'];
  /** How many members the cluster has. */
  readonly clusterSize: () => number;
  readonly probes: Probes;
  /** Undefined: nothing survives a restart. */
  readonly folders: Folders | undefined;
  readonly settings: LocalAgentSettings;
}

/** What of the configuration concerns services and checks. */
export interface LocalAgentSettings extends RegistrationSettings {
  /** `check_update_interval` */
  readonly checkUpdateIntervalMs: number;
  /** `discard_check_output` */
  readonly discardsOutput: boolean;
  /** `check_output_max_size` */
  readonly outputBytesMax: number;
  readonly syncTimings: SyncTimings;
}

/** An agent's own services and checks. */
export class LocalAgent {
  readonly runtime: Runtime;
  readonly state: LocalState;
  readonly registrations: Registrations;
  readonly entropy: AntiEntropy;
  readonly #sync: CatalogSync;
  #node: OwnNode;
  #loading: Promise<void> = Promise.resolve();

  constructor({ runtime, settings, caller, datacenter, ...options }: LocalAgentOptions) {
    this.runtime = runtime;
    const { nodeName, checkUpdateIntervalMs, discardsOutput, outputBytesMax } = settings;
    const onUnsynced = () => this.entropy.triggerChanges();
    const stateOptions = { runtime, nodeName, checkUpdateIntervalMs, discardsOutput, onUnsynced };
    const state = new LocalState(stateOptions);
    this.state = state;
    const { tokens, probes } = options;
    const { log } = runtime;
    this.#node = options.node;
    const node = () => this.#node;
    this.#sync = new CatalogSync({ log, state, caller, datacenter, node, tokens, isNodeInSync: false });
    this.entropy = new AntiEntropy(runtime, this.#sync, options.clusterSize, settings.syncTimings);
    this.registrations = new Registrations({
      runtime,
      settings,
      state,
      checks: new RunningChecks({ runtime, state, caller, datacenter, probes, outputBytesMax }),
      files: options.folders && new RegistrationFiles(options.folders),
      pauses: this.entropy,
    });
  }

  /** The agent's node as the catalog is to have it. */
  get node(): OwnNode {
    return this.#node;
  }

  /** Registers what is defined and what was kept, then begins to tell the catalog. Rejects what is wrong. */
  async start(defined: Definitions): Promise<void> {
    await loadRegistrations(this.registrations, defined);
    this.registrations.start();
    this.entropy.start();
  }

  /** Registers anew, as the configuration has it now; see `whenLoaded`. */
  reload(defined: Definitions, node: OwnNode): Promise<void> {
    this.#node = node;
    this.#sync.markNode();
    const done = reloadRegistrations(this.registrations, defined);
    this.#loading = done.catch(() => {}); // told to whoever asked
    return done;
  }

  /** When no reload is going on, in the middle of which services are missing. */
  whenLoaded(): Promise<void> {
    return this.#loading;
  }

  /** Tells the catalog now. That it could not is in the log: it will be told later. */
  async syncChanges(): Promise<void> {
    try {
      await this.#sync.syncChanges();
    } catch (error) {
      this.runtime.log('err', `agent: failed to sync changes: error="${(error as Error).message}"`);
    }
  }

  /** Runs and tells nothing any more. */
  stop(): void {
    this.entropy.stop();
    this.registrations.stop();
    this.state.stop();
  }
}
