// Tells the catalog everything that it does not have as it is here: the node, services with their checks,
// then other checks. Ends at the first failure, since the next one would fail, too.
// Upstream: agent/local/state.go (SyncChanges). What changes here meanwhile stays marked, and goes next time.

import type { HealthCheck, RegisterRequest } from '../../core/index.ts';
import { isForbidden } from '../../rpc/known-errors.ts';
import { catalog } from '../../rpc/methods/index.ts';
import type { CheckEntry, ServiceEntry } from '../state/entries.ts';
import type { SyncContext } from './sync-context.ts';

/** Rejects with the first failure, which is in the log by then. */
export async function pushChanges(context: SyncContext): Promise<void> {
  const { serviceEntries, checkEntries } = context.state;
  if (!context.isNodeInSync) await pushNode(context);
  for (const [id, entry] of [...serviceEntries]) {
    if (entry.isDeleted) await removeService(context, id, entry);
    else if (!entry.isInSync) await pushService(context, id, entry);
  }
  for (const [id, entry] of [...checkEntries]) {
    if (checkEntries.get(id) !== entry) continue; // went with its service, or was replaced
    if (entry.isDeleted) await removeCheck(context, id, entry);
    else if (!entry.isInSync) await pushCheck(context, id, entry);
  }
}

async function pushNode(context: SyncContext): Promise<void> {
  const isAllowed = await register(context, {
    what: 'Node info update',
    failure: 'Syncing node info failed.',
    subject: `node=${context.node().id}`,
    request: { ...registration(context), token: context.tokens.agent, skipNodeUpdate: false },
  });
  context.isNodeInSync = true;
  if (isAllowed) context.log('info', 'agent: Synced node info');
}

/** Together with those of its checks that have the same token, so that it is never without them. */
async function pushService(context: SyncContext, id: string, entry: ServiceEntry): Promise<void> {
  const { record } = entry;
  if (record === undefined) return;
  const token = entry.token || context.tokens.user;
  const sent = [...context.state.checkEntries.values()].flatMap((check) => {
    const isWanted = !check.isDeleted && !check.isInSync && check.record?.serviceId === id;
    const isAlongside = (check.token || context.tokens.user) === token;
    return isWanted && isAlongside && check.record ? [{ check, record: check.record }] : [];
  });
  const checks = sent.map((each) => each.record);
  const [only = null] = checks;
  const isAllowed = await register(context, {
    what: 'Service registration',
    failure: 'Syncing service failed.',
    subject: `service=${id}`,
    request: {
      ...registration(context),
      token,
      service: record,
      ...(checks.length === 1 ? { check: only } : { checks }),
    },
  });
  if (entry.record === record && !entry.isDeleted) entry.isInSync = true;
  for (const { check, record: told } of sent) noteTold(check, told);
  if (!isAllowed) return;
  context.isNodeInSync = true;
  context.log('info', `agent: Synced service: service=${id}`);
}

async function pushCheck(context: SyncContext, id: string, entry: CheckEntry): Promise<void> {
  const { record } = entry;
  if (record === undefined) return;
  entry.outputDelay?.cancel();
  entry.outputDelay = undefined;
  const isAllowed = await register(context, {
    what: 'Check registration',
    failure: 'Syncing check failed.',
    subject: `check=${id}`,
    request: {
      ...registration(context),
      token: entry.token || context.tokens.user,
      service: context.state.service(record.serviceId) ?? null,
      check: record,
    },
  });
  noteTold(entry, record);
  if (!isAllowed) return;
  context.isNodeInSync = true;
  context.log('info', `agent: Synced check: check=${id}`);
}

function noteTold(entry: CheckEntry, told: HealthCheck): void {
  if (entry.isDeleted) return;
  const { record } = entry;
  // An output that came meanwhile has its own delay.
  if (record === told || (record?.status === told.status && entry.outputDelay)) entry.isInSync = true;
}

async function removeService(context: SyncContext, id: string, entry: ServiceEntry): Promise<void> {
  const { state } = context;
  const isGone = await deregister(context, {
    what: 'Service deregistration',
    failure: 'Deregistering service failed.',
    unknown: 'Unknown service',
    subject: `service=${id}`,
    token: entry.token,
    serviceId: id,
    checkId: '',
  });
  if (!isGone) entry.isInSync = true;
  else if (state.serviceEntries.get(id) === entry) state.forgetService(id);
  if (isGone) context.log('info', `agent: Deregistered service: service=${id}`);
}

async function removeCheck(context: SyncContext, id: string, entry: CheckEntry): Promise<void> {
  const { state } = context;
  const isGone = await deregister(context, {
    what: 'Check deregistration',
    failure: 'Deregistering check failed.',
    unknown: 'Unknown check',
    subject: `check=${id}`,
    token: entry.token,
    serviceId: '',
    checkId: id,
  });
  if (!isGone) entry.isInSync = true;
  else if (state.checkEntries.get(id) === entry) state.forgetCheck(id);
  if (isGone) context.log('info', `agent: Deregistered check: check=${id}`);
}

interface Registration {
  /** As log lines name it. */
  readonly what: string;
  readonly failure: string;
  readonly subject: string;
  readonly request: RegisterRequest;
}

/** Whether it was done; false if it is not allowed, which trying again would not change. */
async function register(context: SyncContext, { request, ...names }: Registration): Promise<boolean> {
  try {
    await context.caller.call(catalog.register, request);
    return true;
  } catch (error) {
    return tell(context, names, error as Error);
  }
}

interface Deregistration extends Omit<Registration, 'request'> {
  /** The catalog says so if it never had it. */
  readonly unknown: string;
  readonly token: string;
  readonly serviceId: string;
  readonly checkId: string;
}

async function deregister(context: SyncContext, gone: Deregistration): Promise<boolean> {
  const { serviceId, checkId } = gone;
  const token = gone.token || context.tokens.user;
  const node = context.node().name;
  const request = { datacenter: context.datacenter, token, node, serviceId, checkId };
  try {
    await context.caller.call(catalog.deregister, request);
    return true;
  } catch (error) {
    return (error as Error).message.includes(gone.unknown) || tell(context, gone, error as Error);
  }
}

type Names = Pick<Registration, 'what' | 'failure' | 'subject'>;

function tell(context: SyncContext, { what, failure, subject }: Names, error: Error): false {
  if (isForbidden(error)) {
    context.log('warn', `agent: ${what} blocked by ACLs: ${subject} accessorID=`);
    return false;
  }
  context.log('warn', `agent: ${failure}: ${subject} error="${error.message}"`);
  throw error;
}

/** A registration of the node alone. */
function registration(context: SyncContext): RegisterRequest {
  const { id, name, address, taggedAddresses, meta } = context.node();
  return {
    ...catalog.register.request.zero(),
    datacenter: context.datacenter,
    id,
    node: name,
    address,
    taggedAddresses,
    nodeMeta: meta,
    skipNodeUpdate: context.isNodeInSync,
  };
}
