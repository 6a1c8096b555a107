// The reference vectors of upstream's own tests and of the measurements.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile, localProfile, pushPullInterval, retransmitLimit, wanProfile } from '@reeve/memberlist';
import { suspicionTimeoutMs } from '../../dist/core/scaling.js';
import { suspicionTimeoutAfter } from '../../dist/core/suspicion.js';

test('[34] a broadcast is sent mult × ceil(log10(n + 1)) times', () => {
  assert.deepEqual(
    [0, 1, 99].map((nodes) => retransmitLimit(3, nodes)),
    [0, 3, 6],
  );
  const lan = [1, 2, 9, 10, 99, 100, 999, 1_000].map((nodes) => retransmitLimit(4, nodes));
  assert.deepEqual(lan, [4, 4, 4, 8, 8, 12, 12, 16]);
});

test('[34] the push/pull interval grows with every doubling beyond 32 nodes', () => {
  const factors = [0, 1, 32, 33, 64, 65, 128, 129].map((nodes) => pushPullInterval(1_000, nodes) / 1_000);
  assert.deepEqual(factors, [1, 1, 1, 2, 2, 3, 3, 4]);
});

test('[34] the shortest suspicion grows with the logarithm of the cluster', () => {
  const thirds = [5, 10, 50, 100, 500, 1_000].map((nodes) => suspicionTimeoutMs(3, nodes, 1_000) / 3);
  assert.deepEqual(thirds, [1_000, 1_000, 1_698, 2_000, 2_698, 3_000]);
});

test('[34] a suspicion gets shorter with every confirmation', () => {
  const remaining = (confirmations: number, elapsedMs: number) =>
    suspicionTimeoutAfter(confirmations, 3, 2_000, 30_000) - elapsedMs;
  assert.deepEqual(
    [remaining(0, 0), remaining(1, 2_000), remaining(2, 3_000), remaining(3, 4_000)],
    [30_000, 14_000, 4_810, -2_000],
  );
  assert.deepEqual([remaining(3, 0), remaining(4, 5_000), remaining(5, 10_000)], [2_000, -3_000, -8_000]);
});

test("[33] the three profiles are upstream's", () => {
  const chosen = (profile: ReturnType<typeof lanProfile>) => [
    profile.streamTimeoutMs,
    profile.indirectChecks,
    profile.retransmitMult,
    profile.suspicionMult,
    profile.suspicionMaxTimeoutMult,
    profile.pushPullIntervalMs,
    profile.probeIntervalMs,
    profile.probeTimeoutMs,
    profile.awarenessMaxMultiplier,
    profile.gossipNodes,
    profile.gossipIntervalMs,
    profile.gossipToTheDeadMs,
    profile.compression,
    profile.deadNodeReclaimMs,
    profile.packetBytesMax,
    profile.protocolVersion,
  ];
  assert.deepEqual(chosen(lanProfile('a')), [
    ...[10_000, 3, 4, 4, 6, 30_000, 1_000, 500],
    ...[8, 3, 200, 30_000, true, 0, 1_400, 2],
  ]);
  assert.deepEqual(chosen(wanProfile('a')), [
    ...[30_000, 3, 4, 6, 6, 60_000, 5_000, 3_000],
    ...[8, 4, 500, 60_000, true, 0, 1_400, 2],
  ]);
  assert.deepEqual(chosen(localProfile('a')), [
    ...[1_000, 1, 2, 3, 6, 15_000, 1_000, 200],
    ...[8, 3, 100, 15_000, true, 0, 1_400, 2],
  ]);
  for (const { bind } of [lanProfile('a'), wanProfile('a'), localProfile('a')]) {
    assert.deepEqual(bind, { host: '0.0.0.0', port: 7946 });
  }
});
