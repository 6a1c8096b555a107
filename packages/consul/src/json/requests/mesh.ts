// What services may say of the service mesh: it has to be what it should, or it is refused.
// Upstream: agent/structs/connect_proxy_config.go, service_definition.go, api/agent.go.

import type { ServiceDefinition } from '../../definitions/service-definition.ts';
import {
  type ConnectSettings,
  type ExposedPath,
  noMesh,
  type ProxySettings,
  type UpstreamSettings,
} from '../../definitions/service-mesh.ts';
import {
  type Fields,
  ignored,
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
export const proxy: Kind<ProxySettings> = {
  zero: noMesh.proxy,
  read: (value, at) => proxyOf(structsProxy().read(value, at)),
};

/** Upstream: structs.ServiceConnect, which may bring a service of its own along. */
export function connectWith(service: () => Kind<Sidecar>): Kind<ConnectSettings> {
  const sidecar: Kind<Sidecar | null> = { zero: null, read: (value, at) => service().read(value, at) };
  const type = namelessStruct('structs.Alias', [
    ['SidecarServiceSnake', '*structs.ServiceDefinition', 'sidecar_service'],
  ]);
  const whole = struct<SpeltConnect>(type, {
    native: ['Native', truth],
    sidecar: ['SidecarService', sidecar],
    sidecarToo: ['sidecar_service', sidecar],
  });
  return { zero: noMesh.connect, read: (value, at) => connectOf(onItsOwn(whole, false).read(value, at)) };
}

function connectOf({ native, sidecar, sidecarToo }: SpeltConnect): ConnectSettings {
  const found = sidecar ?? sidecarToo;
  const hasSidecar = (found?.mesh.connect.sidecar ?? null) !== null;
  return { isNative: native, sidecar: found === null ? null : { id: found.id, hasSidecar } };
}

function proxyOf(given: Anything): ProxySettings {
  const { paths } = given.expose as { readonly paths: readonly Anything[] | null };
  return {
    destinationServiceName: given.DestinationServiceName as string,
    destinationServiceId: given.DestinationServiceID as string,
    localServiceAddress: given.LocalServiceAddress as string,
    localServicePort: given.LocalServicePort as number,
    upstreams: ((given.upstreams ?? []) as readonly Anything[]).map(upstreamOf),
    exposedPaths: (paths ?? []).map(exposedPathOf),
  };
}

function upstreamOf(given: Anything): UpstreamSettings {
  return {
    destinationType: given.DestinationType as string,
    destinationName: given.DestinationName as string,
    destinationNamespace: given.DestinationNamespace as string,
    datacenter: given.datacenter as string,
    localBindAddress: given.LocalBindAddress as string,
    localBindPort: given.LocalBindPort as number,
  };
}

function exposedPathOf(given: Anything): ExposedPath {
  const { path, protocol, ListenerPort } = given;
  return { path: path as string, listenerPort: ListenerPort as number, protocol: protocol as string };
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
type Sidecar = Pick<ServiceDefinition, 'id' | 'mesh'>;
interface SpeltConnect {
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
    config: ['Config', map(ignored, 'interface {}')],
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
    config: ['Config', map(ignored, 'interface {}')],
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
