// What a service says of the service mesh: what cannot be is refused. An agent forgets the rest: it has none.
// Upstream: agent/structs/structs.go (NodeService.Validate), connect_proxy_config.go (Upstream.Validate).

import { type JsonValue, quote } from '@reeve/cli';

/** Null: nothing is said of it. */
export interface MeshSettings<Sidecar extends SidecarService = SidecarService> {
  readonly proxy: ProxySettings | null;
  readonly connect: ConnectSettings<Sidecar> | null;
}

/** What a proxy stands for, and where it leads. Upstream: ConnectProxyConfig. */
export interface ProxySettings {
  readonly destinationServiceName: string;
  readonly destinationServiceId: string;
  readonly localServiceAddress: string;
  readonly localServicePort: number;
  readonly config: OpaqueSettings;
  readonly upstreams: readonly UpstreamSettings[];
  readonly gatewayMode: string;
  readonly exposesChecks: boolean;
  readonly exposedPaths: readonly ExposedPath[];
}

/** Another service that a proxy leads to. */
export interface UpstreamSettings {
  readonly destinationType: string;
  readonly destinationNamespace: string;
  readonly destinationName: string;
  readonly datacenter: string;
  readonly localBindAddress: string;
  readonly localBindPort: number;
  readonly config: OpaqueSettings;
  readonly gatewayMode: string;
}

/** A path that everybody may ask for. */
export interface ExposedPath {
  readonly listenerPort: number;
  readonly path: string;
  readonly localPathPort: number;
  readonly protocol: string;
}

/** What only the proxy understands. */
export type OpaqueSettings = ReadonlyMap<string, JsonValue> | null;

/** How a service takes part itself. Upstream: ServiceConnect. */
export interface ConnectSettings<Sidecar extends SidecarService = SidecarService> {
  readonly isNative: boolean;
  readonly sidecar: Sidecar | null;
}

/** A service that comes along with another. */
export interface SidecarService {
  readonly id: string;
  readonly mesh: MeshSettings;
}

/** A service that takes part in a mesh, or does not. */
interface MeshService {
  readonly kind: string;
  readonly port: number;
  readonly mesh: MeshSettings;
}

/** All that is wrong with it in one text, or undefined. */
export function meshProblem({ kind, port, mesh }: MeshService): string | undefined {
  const said = { proxy: mesh.proxy ?? noProxy, connect: mesh.connect ?? noConnect };
  const problems = [
    ...(kind === 'connect-proxy' ? proxyProblems(port, said) : []),
    ...(gatewayKinds.has(kind) ? gatewayProblems(kind, port, said) : []),
    ...sidecarProblems(said.connect),
  ];
  if (problems.length === 0) return undefined;
  const counted = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  return `${counted} occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`;
}

function proxyProblems(port: number, { proxy, connect }: Said): readonly string[] {
  const problems: string[] = [];
  if (proxy.destinationServiceName.trim() === '') {
    problems.push('Proxy.DestinationServiceName must be non-empty for Connect proxy services');
  }
  if (port === 0) problems.push('Port must be set for a Connect proxy');
  if (connect.isNative) problems.push('A Proxy cannot also be Connect Native, only typical services');
  return [...problems, ...upstreamsProblems(proxy.upstreams), ...pathsProblems(proxy.exposedPaths)];
}

function upstreamsProblems(upstreams: readonly UpstreamSettings[]): readonly string[] {
  const destinations = new Set<string>();
  const places = new Set<string>();
  return upstreams.flatMap((upstream) => {
    const problem = upstreamProblem(upstream);
    if (problem !== undefined) return [problem];
    const destination = destinationText(upstream);
    if (destinations.has(destination)) return [`upstreams cannot contain duplicates of ${destination}`];
    destinations.add(destination);
    const place = placeOf(upstream);
    if (places.has(place)) return [`${samePlace}; ${quote(place)} is specified twice`];
    places.add(place);
    return [];
  });
}

function upstreamProblem(upstream: UpstreamSettings): string | undefined {
  const { destinationType, destinationName, localBindPort } = upstream;
  if (!destinationTypes.has(destinationType)) {
    return `unknown upstream destination type: ${quote(destinationType)}`;
  }
  if (destinationName === '') return 'upstream destination name cannot be empty';
  return localBindPort === 0 ? 'upstream local bind port cannot be zero' : undefined;
}

function destinationText(upstream: UpstreamSettings): string {
  const { destinationType, destinationName, destinationNamespace, datacenter } = upstream;
  const whose = `namespace=${quote(destinationNamespace)}, datacenter=${quote(datacenter)}`;
  return `[type=${quote(destinationType)}, name=${quote(destinationName)}, ${whose}]`;
}

function placeOf({ localBindAddress, localBindPort }: UpstreamSettings): string {
  const address = localBindAddress || '127.0.0.1';
  return `${address.includes(':') ? `[${address}]` : address}:${localBindPort}`;
}

function pathsProblems(paths: readonly ExposedPath[]): readonly string[] {
  const known = new Set<string>();
  const listeners = new Set<number>();
  return paths.flatMap(({ path, listenerPort, protocol }) => {
    const problems: string[] = [];
    if (path === '') problems.push('expose.paths: empty path exposed');
    if (known.has(path)) problems.push('expose.paths: duplicate paths exposed');
    known.add(path);
    if (listeners.has(listenerPort)) problems.push('expose.paths: duplicate listener ports exposed');
    listeners.add(listenerPort);
    if (listenerPort <= 0 || listenerPort > portMax) {
      problems.push(`expose.paths: invalid listener port: ${listenerPort}`);
    }
    const name = protocol.toLowerCase();
    if (!exposedProtocols.has(name)) {
      problems.push(`protocol '${name}' not supported for path: ${path}, must be in: [http http2]`);
    }
    return problems;
  });
}

function gatewayProblems(kind: string, port: number, { proxy, connect }: Said): readonly string[] {
  const problems: string[] = [];
  if (port === 0 && kind !== 'ingress-gateway') problems.push(`Port must be non-zero for a ${kind}`);
  if (connect.sidecar !== null) problems.push(`A ${kind} cannot have a sidecar service defined`);
  for (const [name, isSet] of [
    ['DestinationServiceName', proxy.destinationServiceName !== ''],
    ['DestinationServiceID', proxy.destinationServiceId !== ''],
    ['LocalServiceAddress', proxy.localServiceAddress !== ''],
    ['LocalServicePort', proxy.localServicePort !== 0],
    ['Upstreams', proxy.upstreams.length > 0],
  ] as const) {
    if (isSet) problems.push(`The Proxy.${name} configuration is invalid for a ${kind}`);
  }
  return problems;
}

function sidecarProblems({ sidecar }: ConnectSettings): readonly string[] {
  if (sidecar === null) return [];
  return [
    ...(sidecar.id === '' ? [] : ['A SidecarService cannot specify an ID as this is managed by the agent']),
    ...(sidecar.mesh.connect?.sidecar ? ['A SidecarService cannot have a nested SidecarService'] : []),
  ];
}

/** As an agent has them, who names the usual type of where an upstream leads. */
export function withUsualTypes(proxy: ProxySettings | null): ProxySettings | null {
  const upstreams = proxy?.upstreams.map((upstream) => ({
    ...upstream,
    destinationType: upstream.destinationType || 'service',
  }));
  return proxy && { ...proxy, upstreams: upstreams ?? [] };
}

/** Nothing of the mesh. */
export const noMesh: MeshSettings<never> = Object.freeze({ proxy: null, connect: null });

/** What is looked at. */
interface Said {
  readonly proxy: ProxySettings;
  readonly connect: ConnectSettings;
}

const noProxy: ProxySettings = Object.freeze({
  destinationServiceName: '',
  destinationServiceId: '',
  localServiceAddress: '',
  localServicePort: 0,
  config: null,
  upstreams: [],
  gatewayMode: '',
  exposesChecks: false,
  exposedPaths: [],
});
const noConnect: ConnectSettings = Object.freeze({ isNative: false, sidecar: null });
const samePlace = 'upstreams cannot contain duplicates by local bind address and port';
const gatewayKinds = new Set(['mesh-gateway', 'terminating-gateway', 'ingress-gateway']);
const destinationTypes = new Set(['', 'service', 'prepared_query']);
const exposedProtocols = new Set(['', 'http', 'http2']);
const portMax = 65_535;
