// What knows namespaces refuses them, as the original does without a licence; all else looks past them.
// Upstream: agent/http_oss.go (parseEntMeta).

import { refuseNamespace } from '../question.ts';
import type { Route } from '../respond.ts';

/** The same routes, for requests that name no namespace. */
export function refusingNamespaces<Agent>(routes: readonly Route<Agent>[]): readonly Route<Agent>[] {
  return routes.map((route) => ({
    ...route,
    handle: (request, agent, below) => {
      refuseNamespace(request);
      return route.handle(request, agent, below);
    },
  }));
}
