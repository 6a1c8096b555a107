// All sources' settings together as a configuration. What nothing can be built on is thrown at once; other
// mistakes are noted and shown together once all is checked (validate.ts).
// Upstream: agent/config/builder.go (Build), whose order of complaints is kept. Next: areas.ts, addresses.ts.

import type { RuntimeConfig } from '../runtime-config.ts';
import type { ConfigSettings } from '../settings/settings.ts';
import { buildAddresses, expandRecursors } from './addresses.ts';
import {
  buildAutopilot,
  buildDns,
  buildGossip,
  buildHttp,
  buildIdentity,
  buildJoin,
  buildLog,
  buildRaft,
  buildRpc,
  buildSync,
  raftMultiplier,
} from './areas.ts';
import type { BuildContext } from './build-context.ts';
import { buildCheck, buildService } from './definitions.ts';
import { buildPorts } from './ports.ts';
import { buildUnused } from './unused.ts';

/** Builds a configuration. `devMode` cannot come from a file. @throws ConfigError */
export function buildConfig(given: ConfigSettings, devMode: boolean, context: BuildContext): RuntimeConfig {
  const checks = (given.checks ?? []).map((check) => buildCheck(check, context));
  const services = (given.services ?? []).map((service) => buildService(service, context));
  const ports = buildPorts(given, context);
  const addresses = buildAddresses(given, ports, context);
  const recursors = expandRecursors(given.recursors, context);
  const multiplier = raftMultiplier(given);
  const identity = buildIdentity(given, context);
  const enableRemoteScriptChecks = given.enableScriptChecks ?? false;
  const config: RuntimeConfig = {
    devMode,
    serverMode: given.server ?? false,
    bootstrap: given.bootstrap === true || given.bootstrapExpect === 1,
    bootstrapExpect: given.bootstrapExpect === 1 ? 0 : (given.bootstrapExpect ?? 0),
    identity,
    addresses,
    ports,
    gossip: buildGossip(given, context),
    raft: buildRaft(given, multiplier, context),
    autopilot: buildAutopilot(given, context),
    dns: buildDns(given, recursors, context),
    http: buildHttp(given, context),
    definitions: {
      services,
      checks,
      watches: given.watches ?? [],
      enableRemoteScriptChecks,
      enableLocalScriptChecks: given.enableLocalScriptChecks ?? enableRemoteScriptChecks,
      checkOutputBytesMax: given.checkOutputMaxSize ?? 0,
      checkUpdateIntervalMs: context.durationMs('check_update_interval', given.checkUpdateInterval),
      checkReapIntervalMs: context.durationMs('check_reap_interval', given.checkReapInterval),
      checkDeregisterIntervalMinMs: context.durationMs(
        'check_deregister_interval_min',
        given.checkDeregisterIntervalMin,
      ),
      discardCheckOutput: given.discardCheckOutput ?? false,
    },
    log: buildLog(given, context),
    rpc: buildRpc(given, context),
    join: buildJoin(given, context),
    sync: buildSync(given, context),
    metricsPrefix: given.telemetry?.metricsPrefix ?? '',
    unused: buildUnused(given, identity, context),
  };
  if (given.bootstrapExpect === 1) {
    context.warnings.push('BootstrapExpect is set to 1; this is the same as Bootstrap mode.');
  }
  return config;
}
