// What `consul services register` makes of files: the bodies are those that the real one sent.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runConsul } from './consul-command.ts';
import { serveScript } from './scripted-agent.ts';

const usual = '"Weights":{"Passing":1,"Warning":1},"Check":null,"Checks":null';

test('a proxy is registered with all that its file says', async (t) => {
  const proxy = {
    ...{ destination_service_name: 'x', destination_service_id: 'y' },
    ...{ local_service_address: '127.0.0.1', local_service_port: 9 },
    config: { b: 1, a: { z: 1, c: [1, 'x', true] } },
    mesh_gateway: { mode: 'local' },
    expose: {
      checks: true,
      paths: [{ path: '/a', listener_port: 5, protocol: 'http', local_path_port: 6 }],
    },
    upstreams: [
      { destination_name: 'a', local_bind_port: 1, config: { z: 1.5 }, mesh_gateway: { mode: 'none' } },
      {
        ...{ destination_type: 'prepared_query', destination_namespace: 'ns', destination_name: 'q' },
        ...{ datacenter: 'dc2', local_bind_address: '::1', local_bind_port: 77 },
      },
    ],
  };
  assert.deepEqual(await registered(t, [{ name: 'p', kind: 'connect-proxy', port: 1, proxy }]), [
    `{"Kind":"connect-proxy","Name":"p","Port":1,${usual},"Proxy":{` +
      '"DestinationServiceName":"x","DestinationServiceID":"y",' +
      '"LocalServiceAddress":"127.0.0.1","LocalServicePort":9,' +
      '"Config":{"a":{"c":[1,"x",true],"z":1},"b":1},"Upstreams":[' +
      '{"DestinationType":"service","DestinationName":"a","LocalBindPort":1,' +
      '"Config":{"z":1.5},"MeshGateway":{"Mode":"none"}},' +
      '{"DestinationType":"prepared_query","DestinationNamespace":"ns","DestinationName":"q",' +
      '"Datacenter":"dc2","LocalBindAddress":"::1","LocalBindPort":77,"MeshGateway":{}}],' +
      '"MeshGateway":{"Mode":"local"},"Expose":{"Checks":true,"Paths":[' +
      '{"ListenerPort":5,"Path":"/a","LocalPathPort":6,"Protocol":"http","ParsedFromCheck":false}]}}}\n',
  ]);
});

test('a service is registered with its sidecar, or without any mesh if it names none', async (t) => {
  const sidecar = {
    ...{ port: 5, tags: ['a'], proxy: { local_service_port: 3 } },
    checks: [{ name: 'c', tcp: 'localhost:1', interval: '5s' }],
  };
  const services = [
    { name: 'a', connect: { native: true } },
    { name: 'b', connect: { sidecar_service: {} } },
    { name: 'c', connect: { sidecar_service: sidecar } },
    { name: 'd', connect: {}, proxy: {} },
    { name: 'e' },
  ];
  assert.deepEqual(await registered(t, services), [
    `{"Name":"a",${usual},"Connect":{"Native":true}}\n`,
    `{"Name":"b",${usual},"Connect":{"SidecarService":{${usual.replace('null', '{}')}}}}\n`,
    `{"Name":"c",${usual},"Connect":{"SidecarService":{"Tags":["a"],"Port":5,` +
      '"Weights":{"Passing":1,"Warning":1},"Check":{},' +
      '"Checks":[{"Name":"c","Interval":"5s","TCP":"localhost:1"}],' +
      '"Proxy":{"LocalServicePort":3,"MeshGateway":{},"Expose":{}}}}}\n',
    `{"Name":"d",${usual},"Proxy":{"MeshGateway":{},"Expose":{}},"Connect":{}}\n`,
    `{"Name":"e",${usual}}\n`,
  ]);
});

/** The bodies that are sent for a file with these services. */
async function registered(t: TestContext, services: readonly object[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-consul-services-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'services.json');
  writeFileSync(file, JSON.stringify({ services }));
  const { address, calls } = await serveScript(t, () => ({}));
  const { stderr, exit } = await runConsul(['services', 'register', `-http-addr=${address}`, file]);
  assert.deepEqual([stderr, exit], ['', 0]);
  return calls.map(({ body }) => body);
}
