// Areas that are turned off still answer, so that clients can tell this from a mistake of theirs.
// Upstream: agent/http_register.go, acl_endpoint.go (checkACLDisabled), coordinate_endpoint.go.

import { parseFirstJson } from '@reeve/cli';
import type { HttpAgent } from '../agent.ts';
import { parseBool } from '../query.ts';
import { metaHeaders, parseQuestion } from '../question.ts';
import { FailedWithHeaders, Refusal, refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { refusingNamespaces } from './namespaces.ts';
import { worthOfNothing } from './nothing.ts';

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
  { pattern: '/v1/connect/ca/configuration', methods: ['GET', 'PUT'], handle: authority },
  { pattern: '/v1/connect/ca/roots', methods: ['GET'], handle: roots },
  { pattern: '/v1/agent/connect/ca/roots', methods: ['GET'], handle: refuseConnect },
  ...refusingNamespaces<HttpAgent>([
    { pattern: '/v1/agent/connect/ca/leaf/', methods: ['GET'], handle: refuseConnect },
    { pattern: '/v1/discovery-chain/', methods: ['GET', 'POST'], handle: discoveryChain },
  ]),
];

function refuseConnect(): never {
  throw connectDisabled();
}

async function authority(request: HttpRequest, agent: HttpAgent): Promise<never> {
  if (request.method === 'PUT') {
    await jsonOf(request, agent, 'Request decode failed');
  } else parseQuestion(request, agent.defaults);
  return refuseConnect();
}

async function roots(request: HttpRequest, agent: HttpAgent): Promise<never> {
  const pem = request.query.get('pem');
  if (pem !== '' && parseBool(pem) === undefined) {
    refuseBadRequest("The 'pem' query parameter must be a boolean value");
  }
  await worthOfNothing(request, agent, false);
  throw new FailedWithHeaders(connectDisabled(), metaHeaders(nothingKnown));
}

async function discoveryChain(request: HttpRequest, agent: HttpAgent, name: string): Promise<never> {
  if (name === '') refuseBadRequest('Missing chain name');
  if (request.method === 'POST') await jsonOf(request, agent, 'Request decoding failed');
  throw new FailedWithHeaders(connectDisabled(), metaHeaders(nothingKnown));
}

/** Of a body it matters only whether it is JSON. */
async function jsonOf(request: HttpRequest, agent: HttpAgent, failed: string): Promise<void> {
  const bytes = await request.body(agent.limits.recordBytesMax);
  try {
    parseFirstJson(bytes);
  } catch (error) {
    refuseBadRequest(`${failed}: ${(error as Error).message}`);
  }
}

function connectDisabled(): Error {
  return new Error('Connect must be enabled in order to use this endpoint');
}

const nothingKnown = { index: 0, lastContactNs: 0, knownLeader: false, consistencyLevel: '' };

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
