// A session to create, as clients send it. Unlike other bodies it may have fields that nobody knows.
// Upstream: agent/session_endpoint.go, agent/structs/structs.go (Session.UnmarshalJSON).

import { type ServiceCheckBinding, type Session, serfHealth } from '../../core/index.ts';
import {
  durationNs,
  type Kind,
  list,
  namelessStruct,
  onItsOwn,
  struct,
  text,
  textOf,
  uint64,
  withDefault,
  withDefaultList,
} from '../decode.ts';
import { textList } from '../fields.ts';

/** The body of a request to create a session on `node`, unless it names another. */
export function sessionBody(node: string): Kind<Session> {
  const session = struct<Session>(namelessStruct('structs.Alias', [['LockDelay', 'interface {}']]), {
    id: ['ID', text],
    name: ['Name', text],
    node: ['Node', withDefault(text, node)],
    lockDelayNs: ['LockDelay', withDefault(lockDelay, defaultLockDelayNs)],
    behavior: ['Behavior', withDefault(textOf('structs.SessionBehavior'), 'release')],
    ttl: ['TTL', text],
    nodeChecks: ['NodeChecks', withDefaultList(textList, usualChecks)],
    serviceChecks: ['ServiceChecks', list(serviceCheck, 'structs.ServiceCheck')],
    checks: ['Checks', withDefaultList(list(textOf('types.CheckID'), 'types.CheckID'), usualChecks)],
    createIndex: ['CreateIndex', uint64],
    modifyIndex: ['ModifyIndex', uint64],
  });
  return onItsOwn(session, false);
}

/** The old field of checks and the new one, as upstream reconciles them. */
export function reconcileChecks(session: Session): Session {
  const { checks, nodeChecks } = session;
  if (checks === null || checks.length === 0) return { ...session, nodeChecks: [] };
  const isUntouched = checks.length === 1 && checks[0] === serfHealth;
  const isWithoutNodeChecks = nodeChecks === null || nodeChecks.length === 0;
  return isUntouched || isWithoutNodeChecks ? { ...session, checks: null } : session;
}

/** Numbers so small that nobody can mean nanoseconds are seconds. */
const lockDelay: Kind<number> = {
  zero: 0,
  read: (value, at) => {
    const ns = durationNs.read(value, at);
    return ns < secondsBelow ? ns * nsPerSecond : ns;
  },
};

const serviceCheck = struct<ServiceCheckBinding>('ServiceCheck', {
  id: ['ID', text],
  namespace: ['Namespace', text],
});

const usualChecks = [serfHealth];
const defaultLockDelayNs = 15e9;
const secondsBelow = 1_000;
const nsPerSecond = 1e9;
