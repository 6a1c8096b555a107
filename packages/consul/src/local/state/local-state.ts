// The agent's own services and checks: the truth about its node, which anti-entropy carries to the catalog.
// Nothing here runs a check, touches a file or asks a server.
// Upstream: agent/local/state.go. Next: entries.ts; ../registrations/, which change this; ../anti-entropy/.

import { quote } from '@reeve/cli';
import type { Runtime } from '@reeve/runtime';
import type { HealthCheck, NodeService } from '../../core/index.ts';
import type { CheckEntry, ServiceEntry } from './entries.ts';
import { type Unwatch, Watchers } from './watchers.ts';

/** How an agent keeps its own. */
export interface LocalStateOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'random'>;
  readonly nodeName: string;
  /** `check_update_interval`: how long an output waits that changes without its status, about. */
  readonly checkUpdateIntervalMs: number;
  /** `discard_check_output` */
  readonly discardsOutput: boolean;
  /** There is something to tell the catalog. */
  readonly onUnsynced: () => void;
}

/** Services and checks by id. Bounded by what is registered. */
export class LocalState {
  readonly #options: LocalStateOptions;
  readonly #services = new Map<string, ServiceEntry>();
  readonly #checks = new Map<string, CheckEntry>();
  readonly #serviceWatchers = new Watchers();
  readonly #aliasWatchers = new Watchers();

  constructor(options: LocalStateOptions) {
    this.#options = options;
  }

  /** Everything, with what only the catalog has and what is to go: for anti-entropy. */
  get serviceEntries(): ReadonlyMap<string, ServiceEntry> {
    return this.#services;
  }

  /** The same of checks. */
  get checkEntries(): ReadonlyMap<string, CheckEntry> {
    return this.#checks;
  }

  service(id: string): NodeService | undefined {
    return present(this.#services.get(id));
  }

  services(): NodeService[] {
    return allPresent(this.#services);
  }

  check(id: string): HealthCheck | undefined {
    return present(this.#checks.get(id));
  }

  checks(): HealthCheck[] {
    return allPresent(this.#checks);
  }

  /** The checks of a service; with those of the node, all that decide on its health. */
  checksOf(serviceId: string, withNodeChecks = false): HealthCheck[] {
    return this.checks().filter((check) =>
      check.serviceId === '' ? withNodeChecks : check.serviceId === serviceId,
    );
  }

  /** Whether a service is there, or was until the catalog hears that it is not: for aliases. */
  knowsService(id: string): boolean {
    return this.#services.has(id);
  }

  /** Adds or replaces a service together with checks of it; other checks that it has stay. */
  addService(record: NodeService, checks: readonly HealthCheck[], token: string): void {
    const isNew = !this.#services.has(record.id);
    this.#services.set(record.id, { record, token, isInSync: false, isDeleted: false });
    this.#serviceWatchers.wake(record.id);
    if (isNew) this.#aliasWatchers.wake(record.id);
    for (const check of checks) this.addCheck(check, token);
    this.#options.onUnsynced();
  }

  /** Adds or replaces a check. Throws if its service is not there. */
  addCheck(check: HealthCheck, token: string): void {
    if (check.serviceId !== '' && !this.#services.has(check.serviceId)) {
      const [id, serviceId] = [quote(check.checkId), quote(check.serviceId)];
      throw new Error(`Check ${id} refers to non-existent service ${serviceId}`);
    }
    this.#checks.get(check.checkId)?.outputDelay?.cancel();
    const output = this.#options.discardsOutput ? '' : check.output;
    this.#checks.set(check.checkId, {
      record: { ...check, node: this.#options.nodeName, output },
      token,
      isInSync: false,
      isDeleted: false,
      criticalSinceMs: undefined,
      outputDelay: undefined,
    });
    this.#aliasWatchers.wake(check.serviceId);
    this.#options.onUnsynced();
  }

  /** Whether there was such a service. Its checks go by `removeCheck`. */
  removeService(id: string): boolean {
    const entry = this.#services.get(id);
    if (entry === undefined || entry.isDeleted) return false;
    entry.isInSync = false;
    entry.isDeleted = true;
    this.#serviceWatchers.wake(id);
    this.#aliasWatchers.wake(id);
    this.#options.onUnsynced();
    return true;
  }

  /** Whether there was such a check. */
  removeCheck(id: string): boolean {
    const entry = this.#checks.get(id);
    if (entry === undefined || entry.isDeleted) return false;
    entry.isInSync = false;
    entry.isDeleted = true;
    this.#aliasWatchers.wake(entry.record?.serviceId ?? '');
    this.#options.onUnsynced();
    return true;
  }

  /** A check has a result. An output that changes alone is told to the catalog later. */
  updateCheck(id: string, status: string, text: string): void {
    const entry = this.#checks.get(id);
    if (entry?.record === undefined || entry.isDeleted) return;
    const { record } = entry;
    const output = this.#options.discardsOutput ? '' : text;
    if (status !== 'critical') entry.criticalSinceMs = undefined;
    else entry.criticalSinceMs ??= this.#options.runtime.clock.now();
    if (record.status === status && record.output === output) return;
    entry.record = { ...record, status, output };
    if (record.status === status && this.#options.checkUpdateIntervalMs > 0) return this.#delay(id, entry);
    entry.isInSync = false;
    this.#aliasWatchers.wake(record.serviceId);
    this.#options.onUnsynced();
  }

  /** Checks that are critical, and for how long. */
  criticalChecks(): { readonly check: HealthCheck; readonly forMs: number }[] {
    const now = this.#options.runtime.clock.now();
    return [...this.#checks.values()].flatMap((entry) => {
      const check = present(entry);
      const since = entry.criticalSinceMs;
      return check === undefined || since === undefined ? [] : [{ check, forMs: now - since }];
    });
  }

  /** Calls `wake` once, when a service is replaced or removed, or its checks are added or removed. */
  watchService(id: string, wake: () => void): Unwatch {
    return this.#serviceWatchers.add(id, wake);
  }

  /** Checks of a service have been added or removed. */
  wakeService(id: string): void {
    this.#serviceWatchers.wake(id);
  }

  /** Calls `wake` once, when a service comes or goes, or the status of a check of it changes. */
  watchAliased(serviceId: string, wake: () => void): Unwatch {
    return this.#aliasWatchers.add(serviceId, wake);
  }

  /** The catalog has a service that is not ours: it is to go. */
  markUnknownService(id: string): void {
    this.#services.set(id, { record: undefined, token: '', isInSync: false, isDeleted: true });
  }

  /** The catalog has a check that is not ours: it is to go. */
  markUnknownCheck(id: string): void {
    const marks = { token: '', isInSync: false, isDeleted: true };
    this.#checks.set(id, { record: undefined, ...marks, criticalSinceMs: undefined, outputDelay: undefined });
  }

  /** The catalog no longer has the service, nor those of its checks that are deleted here. */
  forgetService(id: string): void {
    this.#services.delete(id);
    for (const [checkId, { record, isDeleted }] of this.#checks) {
      if (isDeleted && record?.serviceId === id) this.forgetCheck(checkId);
    }
  }

  /** The catalog no longer has the check. */
  forgetCheck(id: string): void {
    this.#checks.get(id)?.outputDelay?.cancel();
    this.#checks.delete(id);
  }

  /** Nothing is told later any more. */
  stop(): void {
    for (const { outputDelay } of this.#checks.values()) outputDelay?.cancel();
  }

  #delay(id: string, entry: CheckEntry): void {
    const { runtime, checkUpdateIntervalMs: intervalMs, onUnsynced } = this.#options;
    const delayMs = intervalMs / 2 + runtime.random.float() * intervalMs;
    entry.outputDelay ??= runtime.timers.after(delayMs, () => {
      entry.outputDelay = undefined;
      if (entry.isDeleted || this.#checks.get(id) !== entry) return;
      entry.isInSync = false;
      onUnsynced();
    });
  }
}

function present<Item>(entry: { record: Item | undefined; isDeleted: boolean } | undefined) {
  return entry?.isDeleted === false ? entry.record : undefined;
}

function allPresent<Item>(
  entries: ReadonlyMap<string, { record: Item | undefined; isDeleted: boolean }>,
): Item[] {
  return [...entries.values()].map(present).filter((record) => record !== undefined);
}
