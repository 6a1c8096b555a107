// What `serf simulate` found, for people and for programs. The page with plots is made by @reeve/sim.

import type { JsonOutput } from '@reeve/cli';
import { pushPullInterval } from '@reeve/memberlist';
import type { Forecast, PageFact, Spread, SpreadRow } from '@reeve/sim';

/** One line that says what was simulated. */
export function headingOf({ options, durationMs }: Forecast, profileName: string): string {
  const { nodes, scenario, loss, kill, seed } = options;
  const happens = scenario === 'failure' ? `failure of ${kill}` : scenario;
  const lost = `${percent(loss)} % of packets lost`;
  const facts = [`${happens} among ${nodes} members`, profileName, lost, seconds(durationMs), `seed ${seed}`];
  return facts.join(', ');
}

/** The settings, traffic and false positives. */
export function factsOf(forecast: Forecast): readonly PageFact[] {
  const { memberlist: config, options, traffic, falsePositives } = forecast;
  const exchangeMs = pushPullInterval(config.pushPullIntervalMs, options.nodes);
  const settings = [
    `gossip to ${config.gossipNodes} members every ${seconds(config.gossipIntervalMs)}`,
    `probe every ${seconds(config.probeIntervalMs)}, wait ${seconds(config.probeTimeoutMs)}`,
    `exchange states every ${seconds(exchangeMs)}`,
  ].join('; ');
  const { packetBytesPerSecond, streamBytesPerSecond, packetsPerSecond } = traffic;
  const mean = rate(packetBytesPerSecond + streamBytesPerSecond);
  const busiestSecond = rate(Math.max(0, ...traffic.bytesPerSecond));
  const inPackets = `${rate(packetBytesPerSecond)} in ${packetsPerSecond.toFixed(1)} packets/s`;
  const { members, reports } = falsePositives;
  const sent = [
    `${mean} sent by a member on average, ${busiestSecond} in the busiest second`,
    `${inPackets}, ${rate(streamBytesPerSecond)} in streams`,
    `${rate(traffic.busiestMemberBytesPerSecond)} by the busiest member`,
  ];
  const wrong = members === 0 ? 'none' : `${members} members, taken for failed ${reports} times`;
  return [
    { name: 'settings', lines: [settings] },
    { name: 'traffic', lines: sent },
    { name: 'false positives', lines: [wrong] },
  ];
}

function factsText(facts: readonly PageFact[]): string {
  const lines = facts.flatMap(({ name, lines }) => lines.map((line, index) => [index > 0 ? '' : name, line]));
  return lines.map(([name = '', line]) => `${name.padEnd(factWidth)}${line}`).join('\n');
}

/** Everything as text. */
export function textOf(forecast: Forecast, profileName: string): string {
  const hasFormula = forecast.spreads.some(({ rows }) => rows.some((row) => row.formulaMs !== undefined));
  const note = hasFormula
    ? ['formula: the classic estimate; for 100 % its 99.99 %, as it never gets there']
    : [];
  return [
    headingOf(forecast, profileName),
    ...forecast.spreads.map(spreadText),
    factsText(factsOf(forecast)),
    ...note,
  ].join('\n\n');
}

function spreadText({ title, news, rows }: Spread): string {
  const isOne = news === 1;
  const hasFormula = rows.some((row) => row.formulaMs !== undefined);
  const columns = [
    ['members', (row: SpreadRow) => (row.share === 0 ? 'first' : `${percent(row.share)} %`)],
    [isOne ? 'ms' : 'mean ms', (row: SpreadRow) => whole(row.meanMs)],
    ...(isOne ? [] : [['slowest ms', (row: SpreadRow) => whole(row.slowestMs)] as const]),
    ...(hasFormula ? [['formula ms', (row: SpreadRow) => whole(row.formulaMs)] as const] : []),
  ] as const;
  const lines = [columns.map(([head]) => head), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const table = lines.map((cells) => cells.map((cell) => cell.padStart(columnWidth)).join(''));
  return [`${title} (${isOne ? 'once' : `${news} times`})`, ...table].join('\n');
}

/** Everything as data. */
export function jsonOf(forecast: Forecast, profileName: string): JsonOutput {
  const { options, memberlist: config, traffic, falsePositives } = forecast;
  return {
    scenario: options.scenario,
    nodes: options.nodes,
    killed: options.scenario === 'failure' ? options.kill : 0,
    loss: options.loss,
    latency_ms: options.latencyMs,
    seed: options.seed,
    duration_ms: forecast.durationMs,
    settings: {
      profile: profileName,
      gossip_interval_ms: config.gossipIntervalMs,
      gossip_nodes: config.gossipNodes,
      retransmit_mult: config.retransmitMult,
      probe_interval_ms: config.probeIntervalMs,
      probe_timeout_ms: config.probeTimeoutMs,
      suspicion_mult: config.suspicionMult,
      push_pull_interval_ms: pushPullInterval(config.pushPullIntervalMs, options.nodes),
      compression: config.compression,
      encrypted: config.keyring !== undefined,
    },
    spreads: forecast.spreads.map(spreadJson),
    traffic: {
      packet_bytes_per_second: traffic.packetBytesPerSecond,
      stream_bytes_per_second: traffic.streamBytesPerSecond,
      packets_per_second: traffic.packetsPerSecond,
      busiest_member_bytes_per_second: traffic.busiestMemberBytesPerSecond,
      bytes_per_second: traffic.bytesPerSecond,
    },
    false_positives: { members: falsePositives.members, reports: falsePositives.reports },
  };
}

function spreadJson({ title, news, rows, curve }: Spread): JsonOutput {
  return {
    title,
    news,
    rows: rows.map(({ share, meanMs, slowestMs, formulaMs }) => ({
      share,
      mean_ms: meanMs ?? null,
      slowest_ms: slowestMs ?? null,
      formula_ms: formulaMs ?? null,
    })),
    curve: curve.map(({ afterMs, share, formula }) => ({
      after_ms: afterMs,
      share,
      formula: formula ?? null,
    })),
  };
}

function whole(ms: number | undefined): string {
  return ms === undefined ? '-' : String(Math.round(ms));
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

function rate(bytesPerSecond: number): string {
  return bytesPerSecond < 1_000
    ? `${Math.round(bytesPerSecond)} B/s`
    : `${(bytesPerSecond / 1_000).toFixed(1)} kB/s`;
}

function percent(share: number): number {
  return Number((100 * share).toPrecision(6));
}

const columnWidth = 12;
const factWidth = 17;
