// Areas that are turned off still answer, so that clients can tell this from a mistake of theirs.
// Upstream: agent/http_register.go, acl_endpoint.go (checkACLDisabled), coordinate_endpoint.go.

import type { HttpAgent } from '../agent.ts';
import { metaHeaders } from '../question.ts';
import { FailedWithHeaders, Refusal, refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';

/** Access control, in place of the routes that a cluster with it has. */
export const disabledAclRoutes: readonly Route<HttpAgent>[] = [
  ...disabled(
    'ACL support disabled',
    ['PUT'],
    [
      ...['/v1/acl/bootstrap', '/v1/acl/create', '/v1/acl/update', '/v1/acl/destroy/', '/v1/acl/clone/'],
      ...['/v1/acl/policy', '/v1/acl/role', '/v1/acl/binding-rule', '/v1/acl/auth-method', '/v1/acl/token'],
      ...['/v1/agent/token/'],
    ],
  ),
  ...disabled(
    'ACL support disabled',
    ['GET'],
    [
      ...['/v1/acl/info/', '/v1/acl/list', '/v1/acl/replication', '/v1/acl/policies', '/v1/acl/policy/name/'],
      ...['/v1/acl/roles', '/v1/acl/role/name/', '/v1/acl/binding-rules', '/v1/acl/auth-methods'],
      ...['/v1/acl/rules/translate/', '/v1/acl/tokens', '/v1/acl/token/self'],
    ],
  ),
  ...disabled(
    'ACL support disabled',
    ['POST'],
    [...['/v1/acl/login', '/v1/acl/logout', '/v1/acl/rules/translate', '/v1/internal/acl/authorize']],
  ),
  ...disabled(
    'ACL support disabled',
    ['GET', 'PUT', 'DELETE'],
    [
      ...[
        '/v1/acl/policy/',
        '/v1/acl/role/',
        '/v1/acl/binding-rule/',
        '/v1/acl/auth-method/',
        '/v1/acl/token/',
      ],
    ],
  ),
];

/** `disable_coordinates`: in place of `coordinateRoutes`. */
export const disabledCoordinateRoutes: readonly Route<HttpAgent>[] = [
  ...disabled(
    'Coordinate support disabled',
    ['GET'],
    [...['/v1/coordinate/datacenters', '/v1/coordinate/nodes', '/v1/coordinate/node/']],
  ),
  ...disabled('Coordinate support disabled', ['PUT'], ['/v1/coordinate/update']),
];

/** The service mesh, which there is none of. */
export const disabledConnectRoutes: readonly Route<HttpAgent>[] = [
  { pattern: '/v1/connect/ca/configuration', methods: ['GET', 'PUT'], handle: refuseConnect },
  { pattern: '/v1/connect/ca/roots', methods: ['GET'], handle: refuseConnect },
  { pattern: '/v1/agent/connect/ca/roots', methods: ['GET'], handle: refuseConnect },
  { pattern: '/v1/agent/connect/ca/leaf/', methods: ['GET'], handle: refuseConnect },
  { pattern: '/v1/discovery-chain/', methods: ['GET', 'POST'], handle: discoveryChain },
];

function refuseConnect(): never {
  throw connectDisabled();
}

function discoveryChain(_request: HttpRequest, _agent: HttpAgent, name: string): never {
  if (name === '') refuseBadRequest('Missing chain name');
  const nothing = { index: 0, lastContactNs: 0, knownLeader: false, consistencyLevel: '' };
  throw new FailedWithHeaders(connectDisabled(), metaHeaders(nothing));
}

function connectDisabled(): Error {
  return new Error('Connect must be enabled in order to use this endpoint');
}

function disabled(
  text: string,
  methods: readonly string[],
  patterns: readonly string[],
): readonly Route<HttpAgent>[] {
  const handle = () => {
    throw new Refusal(401, text, false);
  };
  return patterns.map((pattern) => ({ pattern, methods, handle }));
}
