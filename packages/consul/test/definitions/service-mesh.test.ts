// What services may not say of the service mesh, in the words of the real Consul, to which each of these
// bodies was sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meshProblem } from '../../dist/definitions/service-mesh.js';
import { readBody } from '../../dist/http/read-body.js';
import { serviceDefinitionBody } from '../../dist/json/requests/definitions.js';
import { httpOf } from '../kit/ask-http.ts';
import { startLoneServer } from '../kit/lone-server.ts';

const upstream = { DestinationName: 'db', LocalBindPort: 1 };

test('T0-17: a proxy names its service, has a port, and leads to nothing twice', () => {
  const proxy = (more: object, service: object = {}) =>
    problemsOf({
      ...{ Kind: 'connect-proxy', Port: 80, Proxy: { DestinationServiceName: 'web', ...more } },
      ...service,
    });
  const same = (whose: string) => `upstreams cannot contain duplicates of [${whose}]`;
  assert.deepEqual(
    proxy({ Upstreams: [upstream, { ...upstream, DestinationName: 'x', LocalBindPort: 2 }] }),
    [],
  );
  for (const [more, service, ...problems] of [
    [{}, { Port: 0 }, 'Port must be set for a Connect proxy'],
    [
      { DestinationServiceName: ' ' },
      {},
      'Proxy.DestinationServiceName must be non-empty for Connect proxy services',
    ],
    [
      {},
      { Port: 0, Connect: { Native: true } },
      'Port must be set for a Connect proxy',
      'A Proxy cannot also be Connect Native, only typical services',
    ],
    [{ Upstreams: [{}] }, {}, 'upstream destination name cannot be empty'],
    [{ Upstreams: [{ destination_type: 'x' }] }, {}, 'unknown upstream destination type: "x"'],
    [{ Upstreams: [{ destination_name: 'x' }] }, {}, 'upstream local bind port cannot be zero'],
    [{ Upstreams: [upstream, upstream] }, {}, same('type="service", name="db", namespace="", datacenter=""')],
    [
      { Upstreams: [upstream, { ...upstream, DestinationName: 'z', LocalBindAddress: '127.0.0.1' }] },
      {},
      'upstreams cannot contain duplicates by local bind address and port; "127.0.0.1:1" is specified twice',
    ],
    [
      {
        Upstreams: ['service', 'prepared_query'].map((type) => ({
          ...upstream,
          DestinationType: type,
          LocalBindAddress: '::1',
        })),
      },
      {},
      'upstreams cannot contain duplicates by local bind address and port; "[::1]:1" is specified twice',
    ],
    [{ Expose: { Paths: [{ ListenerPort: 1 }] } }, {}, 'expose.paths: empty path exposed'],
    [
      {
        Expose: {
          Paths: [
            { Path: '/a', ListenerPort: 1 },
            { Path: '/a', ListenerPort: 1 },
          ],
        },
      },
      {},
      'expose.paths: duplicate paths exposed',
      'expose.paths: duplicate listener ports exposed',
    ],
    [
      { Expose: { Paths: [{ Path: '/a' }, { Path: '/b', listener_port: 70_000 }] } },
      {},
      'expose.paths: invalid listener port: 0',
      'expose.paths: invalid listener port: 70000',
    ],
    [
      { Expose: { Paths: [{ Path: '/a', ListenerPort: 5, Protocol: 'TCP' }] } },
      {},
      "protocol 'tcp' not supported for path: /a, must be in: [http http2]",
    ],
  ] as const)
    assert.deepEqual(proxy(more, service), problems);
});

test('T0-17: a gateway has a port and nothing of a proxy, and no sidecar', () => {
  const all = {
    ...{ DestinationServiceName: 'a', DestinationServiceID: 'b', LocalServiceAddress: 'c' },
    ...{ LocalServicePort: 4, Upstreams: [upstream] },
  };
  for (const kind of ['mesh-gateway', 'terminating-gateway', 'ingress-gateway']) {
    const withoutPort = kind === 'ingress-gateway' ? [] : [`Port must be non-zero for a ${kind}`];
    assert.deepEqual(problemsOf({ Kind: kind }), withoutPort);
    assert.deepEqual(problemsOf({ Kind: kind, Port: 1, Connect: { sidecar_service: {} } }), [
      `A ${kind} cannot have a sidecar service defined`,
    ]);
    assert.deepEqual(
      problemsOf({ Kind: kind, Port: 1, Proxy: all }),
      Object.keys(all).map((name) => `The Proxy.${name} configuration is invalid for a ${kind}`),
    );
  }
});

test('T0-17: a sidecar has no id and no sidecar', () => {
  const nested = { ID: 'x', Connect: { SidecarService: {} } };
  assert.deepEqual(problemsOf({ Connect: { SidecarService: nested } }), [
    'A SidecarService cannot specify an ID as this is managed by the agent',
    'A SidecarService cannot have a nested SidecarService',
  ]);
  assert.deepEqual(problemsOf({ Connect: { SidecarService: {} }, Proxy: { Upstreams: [{}] } }), []);
});

test('T0-22: what the mesh does not allow is refused by the catalog too', async () => {
  const ask = httpOf(startLoneServer().caller);
  const node = { Node: 'm', Address: '1.1.1.1' };
  const proxy = { Kind: 'connect-proxy', Service: 'p', Proxy: { Upstreams: [upstream, upstream] } };
  const register = (service: object) =>
    ask('PUT /v1/catalog/register', JSON.stringify({ ...node, Service: service }));
  const { status, text } = await register(proxy);
  assert.deepEqual(
    [status, text],
    [
      500,
      '3 errors occurred:\n\t* Proxy.DestinationServiceName must be non-empty for Connect proxy services\n' +
        '\t* Port must be set for a Connect proxy\n' +
        '\t* upstreams cannot contain duplicates of [type="", name="db", namespace="", datacenter=""]\n\n',
    ],
  );
  const fit = { ...proxy, Port: 1, Proxy: { DestinationServiceName: 'web' } };
  assert.equal((await register(fit)).status, 200);
});

/** What is wrong with a service that a client registers, one by one. */
function problemsOf(service: object): readonly string[] {
  const definition = readBody(Buffer.from(JSON.stringify({ Name: 's', ...service })), serviceDefinitionBody);
  const text = meshProblem(definition);
  if (text === undefined) return [];
  const [, counted, list = ''] = /^(1 error|\d+ errors) occurred:\n((?:\t\* .*\n)+)\n$/.exec(text) ?? [];
  const problems = list
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice('\t* '.length));
  assert.equal(counted, problems.length === 1 ? '1 error' : `${problems.length} errors`);
  return problems;
}
