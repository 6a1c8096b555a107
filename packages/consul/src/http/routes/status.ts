// Who leads and who takes part: `/v1/status/…`. Upstream: agent/status_endpoint.go.

import { compactJson } from '@reeve/cli';
import { status } from '../../rpc/methods/index.ts';
import type { HttpAgent } from '../agent.ts';
import type { Route } from '../respond.ts';
import { json } from '../response.ts';
import { nodesQuestion } from './catalog.ts';

/** All of `/v1/status`. Their answers carry no meta headers. */
export const statusRoutes: readonly Route<HttpAgent>[] = [
  {
    pattern: '/v1/status/leader',
    methods: ['GET'],
    handle: async (request, agent) =>
      json(compactJson(await agent.caller.call(status.leader, nodesQuestion(request, agent)))),
  },
  {
    pattern: '/v1/status/peers',
    methods: ['GET'],
    handle: async (request, agent) =>
      json(compactJson(await agent.caller.call(status.peers, nodesQuestion(request, agent)))),
  },
];
