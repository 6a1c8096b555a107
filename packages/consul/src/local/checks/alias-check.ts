// A check that mirrors the worst of the checks of a service and of its node. A service of our own node is
// looked up here; the catalog is asked about others.
// Upstream: agent/checks/alias.go. Known to be better: upstream counts a check of the node that is an alias
// among the checks that it mirrors, so that it stays critical for ever.

import { quote } from '@reeve/cli';
import type { Runtime, Timer } from '@reeve/runtime';
import type { HealthCheck } from '../../core/index.ts';
import type { CheckType } from '../../definitions/check-type.ts';
import { type Caller, catalog, health, noQueryOptions } from '../../rpc/methods/index.ts';
import { pause } from '../../waiting/pause.ts';
import type { LocalState } from '../state/local-state.ts';
import type { CheckResult } from './probe.ts';

/** What it looks at. */
export interface AliasWorld {
  readonly runtime: Pick<Runtime, 'timers'>;
  readonly state: LocalState;
  readonly caller: Caller;
  readonly datacenter: string;
}

/** Which check mirrors what. */
export interface Alias {
  readonly checkId: string;
  readonly node: string;
  readonly serviceId: string;
  readonly token: string;
}

/** The alias that a check's settings are. */
export function aliasOf(checkId: string, { aliasNode, aliasService }: CheckType, token: string): Alias {
  return { checkId, node: aliasNode, serviceId: aliasService, token };
}

/** Starts; the function returned stops it. */
export function startAlias(
  world: AliasWorld,
  alias: Alias,
  onResult: (result: CheckResult) => void,
): () => void {
  return alias.node === '' ? startLocal(world, alias, onResult) : startRemote(world, alias, onResult);
}

/** The worst of those checks that concern the service. Without a check of its own it may not be there. */
export function mirror(alias: Alias, checks: readonly HealthCheck[], isServiceThere: boolean): CheckResult {
  const concerned = checks.filter(
    ({ checkId, serviceId }) =>
      serviceId === alias.serviceId || (serviceId === '' && (alias.node !== '' || checkId !== alias.checkId)),
  );
  const hasOwn = concerned.some(({ serviceId }) => serviceId === alias.serviceId);
  if (!hasOwn && !isServiceThere) {
    const output = `Service ${alias.serviceId} could not be found on node ${alias.node}`;
    return { status: 'critical', output };
  }
  const critical = concerned.find(({ status }) => status === 'critical');
  const failing = critical ?? concerned.findLast(({ status }) => status === 'warning');
  if (failing !== undefined) {
    const output = `Aliased check ${quote(failing.name)} failing: ${failing.output}`;
    return { status: critical === undefined ? 'warning' : 'critical', output };
  }
  return { status: 'passing', output: concerned.length > 0 ? 'All checks passing.' : 'No checks found.' };
}

function startLocal({ runtime, state }: AliasWorld, alias: Alias, onResult: (result: CheckResult) => void) {
  let timer: Timer | undefined;
  let unwatch = () => {};
  let isStopped = false;
  const stop = () => {
    timer?.cancel();
    unwatch();
  };
  const look = () => {
    stop();
    if (isStopped) return;
    unwatch = state.watchAliased(alias.serviceId, lookSoon);
    timer = runtime.timers.after(refreshMs, look); // checks of the node wake nobody
    onResult(mirror(alias, state.checks(), state.knowsService(alias.serviceId)));
  };
  // Not from inside the change that woke us.
  const lookSoon = () => {
    stop();
    timer = runtime.timers.after(0, look);
  };
  lookSoon();
  return () => {
    isStopped = true;
    stop();
  };
}

function startRemote(
  { runtime, caller, datacenter }: AliasWorld,
  alias: Alias,
  onResult: (result: CheckResult) => void,
): () => void {
  const ended = new AbortController();
  const { node, token } = alias;
  const question = { ...noQueryOptions, datacenter, node, token, allowStale: true, maxStaleNs };
  const watch = async () => {
    let minQueryIndex = 0;
    for (let failures = 0; !ended.signal.aborted; ) {
      try {
        const blocking = { ...question, minQueryIndex, maxQueryTimeNs };
        const { index, healthChecks } = await caller.call(health.nodeChecks, blocking, ended.signal);
        const checks = (healthChecks ?? []).filter((check) => check.node === node);
        const isThere = await hasService(caller, question, alias.serviceId);
        if (ended.signal.aborted) return;
        failures = 0;
        minQueryIndex = Math.max(index, 1); // 0 would not wait
        onResult(mirror(alias, checks, isThere));
      } catch (error) {
        failures++;
        const output = `Failure checking aliased node or service: ${(error as Error).message}`;
        if (failures > 1 && !ended.signal.aborted) onResult({ status: 'critical', output });
        await pause(runtime, backoffMs(failures), ended.signal);
      }
    }
  };
  void watch();
  return () => ended.abort();
}

type NodeQuestion = typeof noQueryOptions & { readonly node: string };

/** If nobody can say, it is. */
async function hasService(caller: Caller, question: NodeQuestion, serviceId: string): Promise<boolean> {
  try {
    const { nodeServices } = await caller.call(catalog.nodeServices, question);
    return nodeServices?.services.has(serviceId) ?? false;
  } catch {
    return true;
  }
}

/** Upstream tries three times at once; a pause of a second each does the servers good. */
function backoffMs(failures: number): number {
  return Math.min(2 ** Math.max(0, failures - 3) * 1_000, backoffMsMax);
}

const refreshMs = 60_000;
const backoffMsMax = 60_000;
const maxQueryTimeNs = 60e9;
const maxStaleNs = 15e9;
