// All methods of a server in one table.

import { MethodTable } from '../../rpc/method-table.ts';
import type { ServerContext } from '../server-context.ts';
import { serveCatalog } from './catalog.ts';
import { serveCoordinate } from './coordinate.ts';
import { serveHealth } from './health.ts';
import { serveInternal } from './internal.ts';
import { serveKeyring } from './keyring.ts';
import { serveKvs } from './kvs.ts';
import { serveOperator } from './operator.ts';
import { serveSession } from './session.ts';
import { serveStatus } from './status.ts';
import { serveTxn } from './txn.ts';

/** The endpoints of a server. */
export interface Endpoints {
  readonly table: MethodTable;
  /** Ends what endpoints do by themselves. */
  stop(): void;
}

/** Makes the endpoints of a server. */
export function createEndpoints(server: ServerContext): Endpoints {
  const table = new MethodTable();
  serveCatalog(server, table);
  const stop = serveCoordinate(server, table);
  serveHealth(server, table);
  serveInternal(server, table);
  serveKeyring(server, table);
  serveKvs(server, table);
  serveOperator(server, table);
  serveSession(server, table);
  serveStatus(server, table);
  serveTxn(server, table);
  return { table, stop };
}
