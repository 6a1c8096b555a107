// What services may say of the service mesh: it has to be what it should, or it is refused.
// Upstream: agent/structs/connect_proxy_config.go, service_definition.go, api/agent.go.

import type { JsonValue } from '@reeve/cli';
import type {
  ConnectSettings,
  ExposedPath,
  OpaqueSettings,
  ProxySettings,
  SidecarService,
  UpstreamSettings,
} from '../../definitions/service-mesh.ts';
import {
  type Fields,
  int,
  type Kind,
  list,
  map,
  namelessStruct,
  onItsOwn,
  struct,
  text,
  textOf,
  truth,
} from '../decode.ts';

/** Upstream: structs.ConnectProxyConfig. */
export const proxy: Kind<ProxySettings | null> = {
  zero: null,
  read: (value, at) => proxyOf(structsProxy().read(value, at)),
};

/** Upstream: structs.ServiceConnect, which may bring a service of its own along. */
export function connectWith<Sidecar extends SidecarService>(
  service: () => Kind<Sidecar>,
): Kind<ConnectSettings<Sidecar> | null> {
  const sidecar: Kind<Sidecar | null> = { zero: null, read: (value, at) => service().read(value, at) };
  const type = namelessStruct('structs.Alias', [
    ['SidecarServiceSnake', '*structs.ServiceDefinition', 'sidecar_service'],
  ]);
  const whole = struct<SpeltConnect<Sidecar>>(type, {
    native: ['Native', truth],
    sidecar: ['SidecarService', sidecar],
    sidecarToo: ['sidecar_service', sidecar],
  });
  return {
    zero: null,
    read: (value, at) => {
      const { native, sidecar: usual, sidecarToo } = onItsOwn(whole, false).read(value, at);
      return { isNative: native, sidecar: usual ?? sidecarToo };
    },
  };
}

function proxyOf(given: Anything): ProxySettings {
  const { checks, paths } = given.expose as Anything;
  return {
    destinationServiceName: given.DestinationServiceName as string,
    destinationServiceId: given.DestinationServiceID as string,
    localServiceAddress: given.LocalServiceAddress as string,
    localServicePort: given.LocalServicePort as number,
    config: given.config as OpaqueSettings,
    upstreams: ((given.upstreams ?? []) as readonly Anything[]).map(upstreamOf),
    gatewayMode: modeOf(given),
    exposesChecks: checks as boolean,
    exposedPaths: ((paths ?? []) as readonly Anything[]).map(exposedPathOf),
  };
}

function upstreamOf(given: Anything): UpstreamSettings {
  return {
    destinationType: given.DestinationType as string,
    destinationNamespace: given.DestinationNamespace as string,
    destinationName: given.DestinationName as string,
    datacenter: given.datacenter as string,
    localBindAddress: given.LocalBindAddress as string,
    localBindPort: given.LocalBindPort as number,
    config: given.config as OpaqueSettings,
    gatewayMode: modeOf(given),
  };
}

function exposedPathOf(given: Anything): ExposedPath {
  return {
    listenerPort: given.ListenerPort as number,
    path: given.path as string,
    localPathPort: given.LocalPathPort as number,
    protocol: given.protocol as string,
  };
}

function modeOf({ meshGateway: gateway }: Anything): string {
  return (gateway as { readonly mode: string }).mode;
}

/** Upstream: api.AgentServiceConnectProxyConfig. */
export const apiProxy: Kind<null> = nothing(
  struct('api.AgentServiceConnectProxyConfig', { ...fieldsOf(proxyFields()), ...proxyParts('api') }),
);

/** Upstream: api.AgentServiceConnect. */
export const apiConnect: Kind<null> = nothing(
  struct<Anything>('api.AgentServiceConnect', { native: ['Native', truth] }, ['SidecarService']),
);

type Anything = Record<string, unknown>;
interface SpeltConnect<Sidecar> {
  readonly native: boolean;
  readonly sidecar: Sidecar | null;
  readonly sidecarToo: Sidecar | null;
}
/** Its name in Go, its type, and the other name that JSON may have for it. */
type Spelt = readonly [name: string, goType: 'string' | 'int', snake: string];
type Package = 'structs' | 'api';

function structsProxy(): Kind<Anything> {
  return twoSpellings(proxyFields(), proxyParts('structs'));
}

function proxyFields(): readonly Spelt[] {
  return [
    ['DestinationServiceName', 'string', 'destination_service_name'],
    ['DestinationServiceID', 'string', 'destination_service_id'],
    ['LocalServiceAddress', 'string', 'local_service_address'],
    ['LocalServicePort', 'int', 'local_service_port'],
  ];
}

function proxyParts(from: Package): Fields<Anything> {
  const upstreams = from === 'api' ? '[]api.Upstream' : 'structs.Upstreams';
  return {
    config: ['Config', map(asItIs(), 'interface {}')],
    upstreams: ['Upstreams', list(upstream(from), `${from}.Upstream`, upstreams)],
    meshGateway: ['MeshGateway', meshGateway(from)],
    expose: [
      'Expose',
      struct<Anything>(`${from}.ExposeConfig`, {
        checks: ['Checks', truth],
        paths: ['Paths', list(exposedPath(from), `${from}.ExposePath`)],
      }),
    ],
  };
}

function upstream(from: Package): Kind<Anything> {
  const fields: readonly Spelt[] = [
    ['DestinationType', 'string', 'destination_type'],
    ['DestinationNamespace', 'string', 'destination_namespace'],
    ['DestinationName', 'string', 'destination_name'],
    ['LocalBindPort', 'int', 'local_bind_port'],
    ['LocalBindAddress', 'string', 'local_bind_address'],
  ];
  const others: Fields<Anything> = {
    datacenter: ['Datacenter', text],
    config: ['Config', map(asItIs(), 'interface {}')],
    meshGateway: ['MeshGateway', meshGateway(from)],
  };
  if (from === 'structs') return twoSpellings(fields, others);
  const type: Fields<Anything> = { type: ['DestinationType', textOf('api.UpstreamDestType')] };
  return struct('api.Upstream', { ...fieldsOf(fields.slice(1)), ...others, ...type });
}

function exposedPath(from: Package): Kind<Anything> {
  const fields: readonly Spelt[] = [
    ['LocalPathPort', 'int', 'local_path_port'],
    ['ListenerPort', 'int', 'listener_port'],
  ];
  const others: Fields<Anything> = {
    path: ['Path', text],
    protocol: ['Protocol', text],
    parsed: ['ParsedFromCheck', truth],
  };
  if (from === 'structs') return twoSpellings(fields, others);
  return struct('api.ExposePath', { ...fieldsOf(fields), ...others });
}

/** What Go takes for any value. */
function asItIs(): Kind<JsonValue> {
  return { zero: null, read: (value) => value };
}

function meshGateway(from: Package): Kind<Anything> {
  return struct(`${from}.MeshGatewayConfig`, { mode: ['Mode', textOf(`${from}.MeshGatewayMode`)] });
}

/** A type that decodes itself, and takes its fields under either name. */
function twoSpellings(fields: readonly Spelt[], others: Fields<Anything>): Kind<Anything> {
  const type = namelessStruct(
    'structs.Alias',
    fields.map(([name, goType, snake]) => [`${name}Snake`, goType, snake]),
  );
  const snakes = fields.map(([, goType, snake]): Spelt => [snake, goType, snake]);
  const spelt = onItsOwn(struct(type, { ...fieldsOf(fields), ...fieldsOf(snakes), ...others }), true);
  const unified = (given: Anything): Anything => ({
    ...given,
    ...Object.fromEntries(fields.map(([name, , snake]) => [name, given[name] || given[snake]])),
  });
  return { zero: spelt.zero, read: (value, at) => unified(spelt.read(value, at)) };
}

function fieldsOf(fields: readonly Spelt[]): Fields<Anything> {
  return Object.fromEntries(fields.map(([name, goType]) => [name, [name, goType === 'int' ? int : text]]));
}

function nothing(kind: Kind<unknown>): Kind<null> {
  return {
    zero: null,
    read: (value, at) => {
      kind.read(value, at);
      return null;
    },
  };
}
