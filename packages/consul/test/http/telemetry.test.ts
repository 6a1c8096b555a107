// T1-4: what an agent and its machine are like in numbers, held against captures of the real program.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHttp } from '@reeve/golden';
import { MetricAggregates } from '@reeve/runtime/node';
import { hostInfo } from '../../dist/agent/host-info/host-info.js';
import type { ClusterAgent } from '../../dist/http/cluster-agent.js';
import { agentTelemetryRoutes } from '../../dist/http/routes/agent-telemetry.js';
import { askOf } from '../kit/ask-http.js';
import { Replay } from '../kit/replay.js';

const startMs = Date.UTC(2026, 10, 21, 19, 25, 10);

/** An agent that has measured this much, so long after its start. */
function measured(write: (aggregates: MetricAggregates) => void, laterMs: number) {
  let wallMs = startMs;
  const metrics = new MetricAggregates(() => ({ wallMs, uptimeMs: wallMs - startMs }));
  write(metrics);
  wallMs += laterMs;
  return askOf({ metrics, hostInfo } as unknown as ClusterAgent, agentTelemetryRoutes, {
    alwaysPretty: true,
  });
}

test('T1-4: metrics are told by name, with what became of each in ten seconds', async () => {
  const ask = measured((metrics) => {
    metrics.write('gauge', 'consul.raft.applied_index', 15);
    metrics.write('gauge', 'consul.autopilot.healthy', 0);
    metrics.write('gauge', 'consul.autopilot.healthy', 1);
    for (let i = 0; i < 5; i++) metrics.write('counter', 'consul.rpc.request', 1);
    for (const value of [1, 2, 6]) metrics.write('sample', 'consul.raft.commitTime', value);
  }, 10_000);
  const { status, headers, text } = await ask('GET /v1/agent/metrics');
  assert.deepEqual([status, headers['Content-Type']], [200, 'application/json']);
  assert.deepEqual(JSON.parse(text), {
    Timestamp: '2026-11-21 19:25:10 +0000 UTC',
    Gauges: [
      { Name: 'consul.autopilot.healthy', Value: 1, Labels: {} },
      { Name: 'consul.raft.applied_index', Value: 15, Labels: {} },
    ],
    Points: [],
    Counters: [
      {
        ...{ Name: 'consul.rpc.request', Count: 5, Rate: 0.5, Sum: 5 },
        ...{ Min: 1, Max: 1, Mean: 1, Stddev: 0, Labels: {} },
      },
    ],
    Samples: [
      {
        ...{ Name: 'consul.raft.commitTime', Count: 3, Rate: 0.9, Sum: 9 },
        ...{ Min: 1, Max: 6, Mean: 3, Stddev: Math.sqrt(7), Labels: {} },
      },
    ],
  });
  const captured = JSON.parse(bodyOf('metrics'));
  assert.deepEqual(fieldsOf(JSON.parse(text)), fieldsOf(captured));
});

test('T1-4: an agent that has just started tells what there is, later only what is whole', async () => {
  const write = (metrics: MetricAggregates) => metrics.write('gauge', 'consul.x', 1);
  for (const laterMs of [0, 9_999, 19_999]) {
    const { text } = await measured(write, laterMs)('GET /v1/agent/metrics');
    assert.equal(JSON.parse(text).Timestamp, '2026-11-21 19:25:10 +0000 UTC');
  }
});

test('T1-4: nobody has turned the format of Prometheus on, whichever way it is asked for', async () => {
  const ask = measured(() => {}, 0);
  await new Replay(ask).check('agent/metrics-prometheus-disabled-415');
  for (const accept of [
    'application/openmetrics-text',
    'text/plain;version=0.4.0',
    'text/html, Text/Plain; version=0.4.0;q=0.5',
  ]) {
    assert.equal((await ask('GET /v1/agent/metrics', '', { accept })).status, 415, accept);
  }
  for (const accept of ['text/plain', 'text/plain;q=0.5;version=0.4.0', '*/*']) {
    assert.equal((await ask('GET /v1/agent/metrics', '', { accept })).status, 200, accept);
  }
});

test('T1-4: the machine is told about in the original’s fields, and truly', async () => {
  const { status, text } = await measured(() => {}, 0)('GET /v1/agent/host');
  const told = JSON.parse(text);
  assert.equal(status, 200);
  assert.deepEqual(fieldsOf(told), fieldsOf(JSON.parse(bodyOf('host'))));
  assert.equal(told.Errors, null);
  assert.ok(told.Memory.total > told.Memory.available && told.Memory.available > 0);
  assert.ok(told.Disk.used + told.Disk.free <= told.Disk.total && told.Disk.used > 0);
});

function bodyOf(name: string): string {
  return readHttp(`http/agent/${name}`).answer.body;
}

/** The names of all fields in their order; of a list those of its first element. */
function fieldsOf(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === 'object' ? [fieldsOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value).map(([name, item]) => [name, name === 'Labels' ? '' : fieldsOf(item)]);
}
