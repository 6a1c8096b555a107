// A whole agent on real sockets: what is registered with it is found through the catalog.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lanProfile } from '@reeve/memberlist';
import { loopbackAddress } from '@reeve/namespaces';
import { defaultConfig, MemoryLogDisk, MemoryLogStore, MemorySnapshots } from '@reeve/raft';
import { createNodeRuntime, MetricAggregates } from '@reeve/runtime/node';
import { defaultSerfConfig } from '@reeve/serf/core';
import { ConsulAgent } from '../../dist/agent/consul-agent.js';
import { noCheckType } from '../../dist/definitions/check-type.js';
import { noServiceDefinition } from '../../dist/definitions/service-definition.js';
import { defaultDnsSettings } from '../../dist/dns/index.js';
import { createNodeProbes } from '../../dist/local/checks/probes/node-probes.js';
import {
  usualHttpSettings,
  usualLocalSettings,
  usualPortLimits,
  usualServerSettings,
} from '../kit/usual-settings.js';

/** An address of this test's own. */
const host = await loopbackAddress();

async function startAgent(): Promise<ConsulAgent> {
  const runtime = createNodeRuntime({ log: () => {} });
  const memberlist = { ...lanProfile('a1'), bind: { host, port: 8301 } };
  const nodeId = '00000000-0000-4000-8000-000000000001';
  const node = { id: nodeId, name: 'a1', address: host, taggedAddresses: new Map(), meta: new Map() };
  const check = { ...noCheckType, tcp: `${host}:8300`, intervalNs: 1e9 };
  return ConsulAgent.start({
    server: {
      runtime,
      datacenter: 'dc1',
      nodeName: 'a1',
      nodeId,
      build: '1.8.7:',
      bind: { host, port: 8300 },
      advertiseHost: host,
      serf: defaultSerfConfig(memberlist),
      raft: defaultConfig,
      log: new MemoryLogStore(runtime.timers, new MemoryLogDisk(), () => 0),
      snapshots: new MemorySnapshots(runtime.timers),
      settings: usualServerSettings,
      portLimits: usualPortLimits,
      isBootstrap: true,
      bootstrapExpect: 0,
      onGossip: () => {},
      onFatal: (error) => {
        throw error;
      },
    },
    identity: {
      datacenter: 'dc1',
      nodeName: 'a1',
      nodeId,
      revision: '',
      isServer: true,
      version: '1.8.7',
    },
    http: {
      at: [{ host, port: 0 }],
      settings: usualHttpSettings,
      limits: { recordBytesMax: 1_000_000, kvValueBytesMax: 524_288, txnBytesMax: 524_288 },
      defaults: { datacenter: 'dc1', nodeName: 'a1', token: '', discoveryMaxStaleNs: 0 },
      connectionsPerClientMax: 200,
      usesCache: true,
    },
    dns: { at: [], settings: defaultDnsSettings },
    local: {
      node,
      tokens: { agent: '', user: '' },
      probes: createNodeProbes(runtime.network),
      folders: undefined,
      definitions: { services: [{ ...noServiceDefinition, name: 'filed', check }], checks: [] },
      settings: usualLocalSettings('a1'),
    },
    callRate: { rate: -1, burstMax: 1_000 },
    runsRemoteCommands: false,
    log: { follow: async function* () {}, isHeard: () => false },
    metrics: new MetricAggregates(() => ({ wallMs: Date.now(), uptimeMs: performance.now() })),
    debugConfig: {},
    reload: async () => {},
    onJoined: () => {},
    onLeft: () => {},
  });
}

test('T0-18: what a file defines and what a client registers is healthy in the catalog', async () => {
  const agent = await startAgent();
  try {
    const at = `http://${host}:${agent.httpPorts[0]}/v1`;
    const isPassing = async (name: string) => {
      const response = await fetch(`${at}/health/service/${name}?passing`);
      return response.ok && ((await response.json()) as unknown[]).length === 1;
    };
    const eventually = async (name: string) => {
      for (const until = Date.now() + 60_000; !(await isPassing(name)); await sleep(50)) {
        assert.ok(Date.now() < until, `${name} is not passing`);
      }
    };
    await eventually('filed');
    const body = JSON.stringify({ Name: 'asked', Check: { Args: ['true'], Interval: '1s' } });
    assert.equal((await fetch(`${at}/agent/service/register`, { method: 'PUT', body })).status, 200);
    await eventually('asked');
    await fetch(`${at}/agent/service/deregister/asked`, { method: 'PUT' });
    assert.equal(await isPassing('asked'), false);
  } finally {
    await agent.stop();
  }
});
