// An agent's own services and checks over HTTP, held against captures of the real program.

import { test } from 'node:test';
import { readHttp } from '@reeve/golden';
import { createLocalAgentRig, type LocalAgentRig } from '../kit/local-agent.js';
import { Replay } from '../kit/replay.js';

async function start(): Promise<{ rig: LocalAgentRig; all: (names: readonly string[]) => Promise<void> }> {
  const rig = createLocalAgentRig();
  await rig.local.start({ services: [], checks: [] });
  const replay = new Replay(rig.ask);
  const all = async (names: readonly string[]) => {
    for (const name of names) await replay.check(`agent/${name}`);
  };
  return { rig, all };
}

async function register(rig: LocalAgentRig, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { method, target, body } = readHttp(`http/agent/${name}`);
    await rig.ask(`${method} ${target}`, body);
  }
}

test('T0-17: services are registered, and refused, as by the original', async () => {
  const { rig, all } = await start();
  await all(['services-empty', 'checks-empty', 'register-web', 'register-minimal', 'register-two-checks']);
  await all(['register-lowercase-keys', 'register-missing-name-400', 'register-any-address-400']);
  await all(['register-bad-json-400', 'register-bad-meta-400', 'register-bad-weights-400']);
  await all(['register-check-bad-duration-400', 'register-check-bad-status-400']);
  await all(['register-check-no-interval-400', 'register-check-ttl-and-interval-400']);
  await all(['register-empty-body-400', 'register-unknown-field-400', 'register-wrong-type-400']);
  await all(['register-post-405', 'services-filter', 'services-filter-bad-500', 'checks', 'service-get']);
  await all(['service-get-missing-404', 'service-get-hash-differs', 'checks-filter']);
  await register(rig, 'replace-existing-checks');
  await all(['replace-existing-checks', 'replace-existing-checks-after']);
  await all(['service-deregister', 'service-deregister-missing-200', 'service-deregister-empty-500']);
  rig.local.stop();
});

test('T0-17: checks are registered, and refused, as by the original', async () => {
  const { rig, all } = await start();
  await register(rig, 'register-web', 'register-minimal');
  await all(['check-register-ttl', 'check-register-for-service', 'check-register-for-missing-service-500']);
  await all(['check-register-missing-name-400', 'check-register-nothing-400']);
  await all(['check-register-bad-status-400', 'check-register-unknown-field-400']);
  await all(['check-register-interval-number-ns', 'check-register-alias', 'check-register-alias2']);
  await all([
    'check-register-grpc',
    'check-register-http',
    'check-register-http-post',
    'check-register-script',
  ]);
  await all(['check-register-tcp', 'check-register-thresholds', 'check-pass-not-ttl-500']);
  await all(['check-deregister', 'check-deregister-missing-200']);
  rig.local.stop();
});

test('T0-18: checks with a time to live are told as by the original', async () => {
  const { rig, all } = await start();
  await register(rig, 'register-minimal', 'check-register-ttl', 'check-register-for-service');
  await all(['check-pass-get-405', 'check-pass-missing-500', 'check-warn']);
  await all(['check-update-bad-status-400', 'check-update-empty-400', 'check-update', 'check-fail']);
  rig.local.stop();
});

test('T1-4: maintenance begins, ends and is refused as by the original', async () => {
  const { rig, all } = await start();
  await register(rig, 'register-web');
  await all(['service-maintenance-enable', 'service-maintenance-checks', 'service-maintenance-disable']);
  await all(['service-maintenance-missing-404', 'service-maintenance-noenable-400']);
  await all(['service-maintenance-noid-400', 'maintenance-enable', 'maintenance-checks']);
  await all(['maintenance-health-503', 'maintenance-disable', 'maintenance-bad-400']);
  await all(['maintenance-missing-400']);
  rig.local.stop();
});

test('T1-4: services are as healthy, to load balancers, as with the original', async () => {
  const { rig, all } = await start();
  await register(rig, 'register-web');
  await all(['health-id-empty-500', 'health-id-missing-404', 'health-id-missing-text-404', 'health-id-text']);
  await all(['health-name-missing-404', 'health-name-missing-text-404']);
  rig.local.state.updateCheck('service:web1', 'critical', '');
  await all(['health-name-critical-text-503']);
  rig.local.stop();
});

test('T1-4: a service is waited for by its hash, and answered with as it was in the end', async () => {
  const { rig, all } = await start();
  await register(rig, 'register-web');
  const waited = all(['service-get-hash-blocking']);
  await rig.server.run(1_100);
  await waited;
  rig.local.stop();
});
