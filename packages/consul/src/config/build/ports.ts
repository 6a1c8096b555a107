// Ports and ranges of ports. Upstream: agent/config/builder.go (Build, "addresses").

import { ConfigError } from '../config-error.ts';
import type { PortConfig } from '../runtime-config.ts';
import type { ConfigSettings } from '../settings/settings.ts';
import type { BuildContext } from './build-context.ts';

/** Builds the ports. @throws ConfigError for a range that ends before it begins */
export function buildPorts({ ports = {} }: ConfigSettings, context: BuildContext): PortConfig {
  const port = (name: string, written: number | undefined): number => context.port(`ports.${name}`, written);
  const built = {
    dns: port('dns', ports.dns),
    http: port('http', ports.http),
    https: port('https', ports.https),
    server: port('server', ports.server),
    grpc: port('grpc', ports.grpc),
    serfLan: port('serf_lan', ports.serfLan),
    serfWan: port('serf_wan', ports.serfWan),
  };
  const range = (
    name: string,
    min: number | undefined,
    max: number | undefined,
  ): readonly [number, number] => {
    const [first, last] = [port(`${name}_min_port`, min), port(`${name}_max_port`, max)];
    if (last >= first) return [first, last];
    throw new ConfigError(
      `${name}_min_port must be less than ${name}_max_port. To disable, set both to zero.`,
    );
  };
  range('proxy', ports.proxyMin, ports.proxyMax);
  const [sidecarMin, sidecarMax] = range('sidecar', ports.sidecarMin, ports.sidecarMax);
  const [exposeMin, exposeMax] = range('expose', ports.exposeMin, ports.exposeMax);
  return { ...built, sidecarMin, sidecarMax, exposeMin, exposeMax };
}
