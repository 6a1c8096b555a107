// All routes of an agent.

import type { RegisteringAgent } from '../agent.ts';
import type { ClusterAgent } from '../cluster-agent.ts';
import type { Route } from '../respond.ts';
import { absentRoutes } from './absent.ts';
import { agentCheckRoutes } from './agent-checks.ts';
import { agentHealthRoutes } from './agent-health.ts';
import { agentMaintenanceRoutes } from './agent-maintenance.ts';
import { agentServiceRoutes } from './agent-services.ts';
import { agentTelemetryRoutes } from './agent-telemetry.ts';
import { catalogRoutes } from './catalog.ts';
import { clusterRoutes } from './cluster.ts';
import { configEntryRoutes } from './config-entries.ts';
import { coordinateRoutes } from './coordinate.ts';
import { disabledAclRoutes, disabledConnectRoutes, disabledCoordinateRoutes } from './disabled.ts';
import { eventRoutes } from './event.ts';
import { healthRoutes } from './health.ts';
import { intentionRoutes } from './intentions.ts';
import { internalRoutes } from './internal.ts';
import { keyringRoute } from './keyring.ts';
import { kvRoute } from './kv.ts';
import { monitorRoute } from './monitor.ts';
import { operatorRoutes } from './operator.ts';
import { preparedQueryRoutes } from './prepared-queries.ts';
import { sessionRoutes } from './session.ts';
import { snapshotRoute } from './snapshot.ts';
import { statusRoutes } from './status.ts';
import { txnRoute } from './txn.ts';

/** What an agent answers over HTTP. */
export function allRoutes(hasCoordinates: boolean): readonly Route<ClusterAgent & RegisteringAgent>[] {
  return [...steadyRoutes, ...(hasCoordinates ? coordinateRoutes : disabledCoordinateRoutes)];
}

const steadyRoutes: readonly Route<ClusterAgent & RegisteringAgent>[] = [
  ...absentRoutes,
  ...agentCheckRoutes,
  ...agentHealthRoutes,
  ...agentMaintenanceRoutes,
  ...agentServiceRoutes,
  ...agentTelemetryRoutes,
  ...catalogRoutes,
  ...clusterRoutes,
  ...configEntryRoutes,
  ...disabledAclRoutes,
  ...disabledConnectRoutes,
  ...eventRoutes,
  ...healthRoutes,
  ...intentionRoutes,
  ...internalRoutes,
  keyringRoute,
  kvRoute,
  monitorRoute,
  ...operatorRoutes,
  ...preparedQueryRoutes,
  ...sessionRoutes,
  snapshotRoute,
  ...statusRoutes,
  txnRoute,
];
