// All routes of an agent.

import type { ClusterAgent } from '../cluster-agent.ts';
import type { Route } from '../respond.ts';
import { catalogRoutes } from './catalog.ts';
import { clusterRoutes } from './cluster.ts';
import { healthRoutes } from './health.ts';
import { kvRoute } from './kv.ts';
import { operatorRoutes } from './operator.ts';
import { sessionRoutes } from './session.ts';
import { statusRoutes } from './status.ts';

/** What an agent answers over HTTP. */
export const allRoutes: readonly Route<ClusterAgent>[] = [
  ...catalogRoutes,
  ...clusterRoutes,
  ...healthRoutes,
  kvRoute,
  ...operatorRoutes,
  ...sessionRoutes,
  ...statusRoutes,
];
