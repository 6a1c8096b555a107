// What `consul services register` sends of the service mesh. Upstream: api/agent.go
// (AgentServiceConnectProxyConfig, AgentServiceConnect), api/connect.go. Next: service-request.ts.

import type { JsonOutput, JsonValue } from '@reeve/cli';
import type {
  ExposedPath,
  OpaqueSettings,
  ProxySettings,
  UpstreamSettings,
} from '../definitions/service-mesh.ts';
import { unlessEmpty } from './unless-empty.ts';

/** What a proxy is told. */
export function proxyJson(proxy: ProxySettings): JsonOutput {
  return {
    ...unlessEmpty({
      DestinationServiceName: proxy.destinationServiceName,
      DestinationServiceID: proxy.destinationServiceId,
      LocalServiceAddress: proxy.localServiceAddress,
      LocalServicePort: proxy.localServicePort,
      Config: opaqueJson(proxy.config),
      Upstreams: proxy.upstreams.map(upstreamJson),
    }),
    MeshGateway: gatewayJson(proxy.gatewayMode),
    Expose: unlessEmpty({ Checks: proxy.exposesChecks, Paths: proxy.exposedPaths.map(exposedPathJson) }),
  };
}

function upstreamJson(upstream: UpstreamSettings): JsonOutput {
  return {
    ...unlessEmpty({
      DestinationType: upstream.destinationType,
      DestinationNamespace: upstream.destinationNamespace,
      DestinationName: upstream.destinationName,
      Datacenter: upstream.datacenter,
      LocalBindAddress: upstream.localBindAddress,
      LocalBindPort: upstream.localBindPort,
      Config: opaqueJson(upstream.config),
    }),
    MeshGateway: gatewayJson(upstream.gatewayMode),
  };
}

function exposedPathJson(exposed: ExposedPath): JsonOutput {
  return {
    ...unlessEmpty({
      ListenerPort: exposed.listenerPort,
      Path: exposed.path,
      LocalPathPort: exposed.localPathPort,
      Protocol: exposed.protocol,
    }),
    ParsedFromCheck: false,
  };
}

function gatewayJson(mode: string): JsonOutput {
  return unlessEmpty({ Mode: mode });
}

function opaqueJson(config: OpaqueSettings): JsonOutput {
  return config === null ? null : new Map([...config].map(([key, value]) => [key, sorted(value)]));
}

/** Go writes maps in the order of their keys, which those of a Map are written in. */
function sorted(value: JsonValue): JsonOutput {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, sorted(item)]));
}
