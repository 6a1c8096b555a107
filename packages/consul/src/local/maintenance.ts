// Maintenance is a critical check that nothing runs: whoever looks for healthy services passes by.
// Upstream: agent/agent.go (EnableServiceMaintenance and its neighbours).

import { quote } from '@reeve/cli';
import { type HealthCheck, healthCheckCodec } from '../core/index.ts';
import type { Registrations } from './registrations/registrations.ts';

/** The id of the check that puts a whole node into maintenance. */
export const nodeMaintenanceId = '_node_maintenance';

/** The id of the check that puts a service into maintenance. */
function serviceMaintenanceId(serviceId: string): string {
  return `${serviceMaintenancePrefix}${serviceId}`;
}

/** What ids of such checks begin with. */
export const serviceMaintenancePrefix = '_service_maintenance:';

/** Puts a service into maintenance, unless it is. Rejects if there is no such service. */
export async function enableServiceMaintenance(
  registrations: Registrations,
  serviceId: string,
  reason: string,
  token: string,
): Promise<void> {
  const { state, runtime } = registrations.parts;
  requireService(registrations, serviceId);
  const checkId = serviceMaintenanceId(serviceId);
  if (state.check(checkId) !== undefined) return;
  const notes = reason || usualReason('service');
  const check = {
    ...maintenanceCheck(registrations),
    checkId,
    name: 'Service Maintenance Mode',
    notes,
    serviceId,
  };
  await registrations.addCheck(check, null, { token, source: 'local', isKept: true });
  runtime.log('info', `agent: Service entered maintenance mode: service=${serviceId}`);
}

/** Ends it. Rejects if there is no such service. */
export async function disableServiceMaintenance(registrations: Registrations, serviceId: string) {
  const { state, runtime } = registrations.parts;
  requireService(registrations, serviceId);
  const checkId = serviceMaintenanceId(serviceId);
  if (state.check(checkId) === undefined) return;
  await registrations.removeCheck(checkId);
  runtime.log('info', `agent: Service left maintenance mode: service=${serviceId}`);
}

/** Puts the node into maintenance, unless it is. */
export async function enableNodeMaintenance(registrations: Registrations, reason: string, token: string) {
  const { state, runtime } = registrations.parts;
  if (state.check(nodeMaintenanceId) !== undefined) return;
  const notes = reason || usualReason('node');
  const named = { checkId: nodeMaintenanceId, name: 'Node Maintenance Mode', notes };
  const check = { ...maintenanceCheck(registrations), ...named };
  await registrations.addCheck(check, null, { token, source: 'local', isKept: true });
  runtime.log('info', 'agent: Node entered maintenance mode');
}

/** Ends it. */
export async function disableNodeMaintenance(registrations: Registrations): Promise<void> {
  const { state, runtime } = registrations.parts;
  if (state.check(nodeMaintenanceId) === undefined) return;
  await registrations.removeCheck(nodeMaintenanceId);
  runtime.log('info', 'agent: Node left maintenance mode');
}

function requireService({ parts }: Registrations, id: string): void {
  if (parts.state.service(id) === undefined) throw new Error(`No service registered with ID ${quote(id)}`);
}

function maintenanceCheck({ parts }: Registrations): HealthCheck {
  const node = parts.settings.nodeName;
  return { ...healthCheckCodec.zero(), node, status: 'critical', type: 'maintenance' };
}

function usualReason(what: 'node' | 'service'): string {
  const text = `Maintenance mode is enabled for this ${what}, but no reason was provided.`;
  return `${text} This is a default message.`;
}
