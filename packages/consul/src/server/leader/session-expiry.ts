// Ends sessions whose time is over. Upstream: agent/consul/session_ttl.go (invalidateSession).

import { sessionCodec } from '../../core/index.ts';
import { pause } from '../../waiting/pause.ts';
import { apply } from '../apply.ts';
import type { ServerContext } from '../server-context.ts';

/** Writes that a session has ended; tries again for a while as long as this server leads. */
export async function expireSession(server: ServerContext, id: string): Promise<void> {
  const { runtime, consensus, datacenter } = server;
  const session = { ...sessionCodec.zero(), id }; // of a session that ends only the id counts
  const request = { datacenter, token: '', operation: 'destroy', session };
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      await apply(server, { type: 'session', request });
      return runtime.log('debug', `consul.session: Session TTL expired: session=${id}`);
    } catch (error) {
      runtime.log('err', `consul.session: Invalidation failed: error="${(error as Error).message}"`);
    }
    await pause(runtime, retryBaseMs * 2 ** attempt);
    if (!consensus.isLeader) return; // the next leader gives it its whole time again
  }
  runtime.log('err', `consul.session: maximum revoke attempts reached for session: ${id}`);
}

/** Upstream's numbers. */
const attemptsMax = 6;
const retryBaseMs = 10_000;
