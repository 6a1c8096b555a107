// Services and checks as configuration files define them. Upstream: agent/config/config.go.

import {
  anything,
  int,
  type Kind,
  lazy,
  list,
  map,
  object,
  text,
  truth,
  type ValueOf,
  whole,
} from '../kinds.ts';

/** A check as written in a file. */
export const checkSettings = object({
  id: ['id', text],
  name: ['name', text],
  notes: ['notes', text],
  serviceId: ['service_id', text, 'serviceid'],
  token: ['token', text],
  status: ['status', text],
  scriptArgs: ['args', list(text), 'scriptargs'],
  http: ['http', text],
  header: ['header', map(list(text))],
  method: ['method', text],
  body: ['body', text],
  outputMaxSize: ['output_max_size', int],
  tcp: ['tcp', text],
  interval: ['interval', text],
  dockerContainerId: ['docker_container_id', text, 'dockercontainerid'],
  shell: ['shell', text],
  grpc: ['grpc', text],
  grpcUseTls: ['grpc_use_tls', truth],
  tlsSkipVerify: ['tls_skip_verify', truth, 'tlsskipverify'],
  aliasNode: ['alias_node', text],
  aliasService: ['alias_service', text],
  timeout: ['timeout', text],
  ttl: ['ttl', text],
  successBeforePassing: ['success_before_passing', int],
  failuresBeforeCritical: ['failures_before_critical', int],
  deregisterCriticalServiceAfter: [
    'deregister_critical_service_after',
    text,
    'deregistercriticalserviceafter',
  ],
});

/** A check as written in a file. */
export type CheckSettings = ValueOf<typeof checkSettings>;

const meshGateway = object({ mode: ['mode', text] });

const upstream = object({
  destinationType: ['destination_type', text],
  destinationNamespace: ['destination_namespace', text],
  destinationName: ['destination_name', text],
  datacenter: ['datacenter', text],
  localBindAddress: ['local_bind_address', text],
  localBindPort: ['local_bind_port', int],
  config: ['config', anything],
  meshGateway: ['mesh_gateway', whole(meshGateway)],
});

/** Where a proxy leads, as written in a file. */
export type UpstreamAsWritten = ValueOf<typeof upstream>;

const exposedPath = object({
  listenerPort: ['listener_port', int],
  path: ['path', text],
  protocol: ['protocol', text],
  localPathPort: ['local_path_port', int],
});

/** What a proxy of the service mesh is told. */
const proxySettings = object({
  destinationServiceName: ['destination_service_name', text],
  destinationServiceId: ['destination_service_id', text],
  localServiceAddress: ['local_service_address', text],
  localServicePort: ['local_service_port', int],
  config: ['config', anything],
  upstreams: ['upstreams', list(upstream)],
  meshGateway: ['mesh_gateway', whole(meshGateway)],
  expose: [
    'expose',
    whole(object({ checks: ['checks', truth], port: ['port', int], paths: ['paths', list(exposedPath)] })),
  ],
});

const commonServiceFields = {
  kind: ['kind', text],
  id: ['id', text],
  name: ['name', text],
  tags: ['tags', list(text)],
  address: ['address', text],
  taggedAddresses: ['tagged_addresses', map(object({ address: ['address', text], port: ['port', int] }))],
  meta: ['meta', map(text)],
  port: ['port', int],
  check: ['check', whole(checkSettings)],
  checks: ['checks', list(checkSettings)],
  token: ['token', text],
  weights: ['weights', whole(object({ passing: ['passing', int], warning: ['warning', int] }))],
  enableTagOverride: ['enable_tag_override', truth],
  proxy: ['proxy', whole(proxySettings)],
} as const;

/** A sidecar is a service and may, as far as the types go, have a sidecar itself. */
const sidecar: Kind<unknown> = lazy<unknown>((): Kind<unknown> => serviceSettings);

/** A service as written in a file. */
export const serviceSettings = object({
  ...commonServiceFields,
  connect: [
    'connect',
    whole(object({ native: ['native', truth], sidecarService: ['sidecar_service', sidecar] })),
  ],
});

/** A service as written in a file. */
export type ServiceSettings = ValueOf<typeof serviceSettings>;
