// Which instances are answered, and with how much weight. Upstream: agent/structs/structs.go
// (CheckServiceNodes.Filter), agent/dns.go (findWeight), api/health.go (AggregatedStatus).

import { evenWeights, type HealthCheck, type InstanceHealth } from '../../core/index.ts';

/** Whether an instance is answered: nothing about it is critical, nor warns where only passing ones count. */
export function isHealthy({ checks }: InstanceHealth, onlyPassing: boolean): boolean {
  return checks.every(({ status }) => status !== 'critical' && (!onlyPassing || status === 'passing'));
}

/** The weight of a SRV record. */
export function weightOf({ service, checks }: InstanceHealth): number {
  const { passing, warning } = service.weights ?? evenWeights;
  const ours = checks.filter(({ serviceName }) => serviceName === service.service || serviceName === '');
  const weights = { passing, warning, critical: 0, unknown: 1 };
  return weights[worst(ours)] & 0xffff;
}

/** A status that nobody knows counts more than all others; maintenance is critical, whatever its status. */
function worst(checks: readonly HealthCheck[]): 'passing' | 'warning' | 'critical' | 'unknown' {
  const statuses = new Set(checks.filter((check) => !isMaintenance(check)).map(({ status }) => status));
  if ([...statuses].some((status) => !known.has(status))) return 'unknown';
  if (statuses.has('critical') || checks.some(isMaintenance)) return 'critical';
  return statuses.has('warning') ? 'warning' : 'passing';
}

function isMaintenance({ checkId }: HealthCheck): boolean {
  return checkId === '_node_maintenance' || checkId.startsWith('_service_maintenance:');
}

const known = new Set(['passing', 'warning', 'critical']);
