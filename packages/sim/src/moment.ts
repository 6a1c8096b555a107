// What a cluster looks like at a moment, for people who look for the cause of a failure: what everybody says
// of everybody, and what was logged lately.

import type { SimNode } from './cluster/node.ts';
import { describeViolation } from './run.ts';
import type { Simulation } from './simulation.ts';

/** The moment that a simulation has come to, line by line. `logMs`: how far back the log is told. */
export function describeMoment(simulation: Simulation, logMs: number): readonly string[] {
  const { now, nodes, beliefs, violation } = simulation;
  const tables = nodes.map((node) => `  ${node.name} ${describeNode(node)}${tableOf(node, beliefs)}`);
  const logged = nodes
    .flatMap(({ name, log }) => log.map((line) => ({ name, ...line })))
    .filter(({ atMs }) => atMs >= now - logMs)
    .sort((a, b) => a.atMs - b.atMs)
    .map(
      ({ name, atMs, level, text }) =>
        `  ${(atMs / 1_000).toFixed(3)}s ${name} [${level.toUpperCase()}] ${text}`,
    );
  return [
    `log of the last ${logMs / 1_000} seconds`,
    ...logged,
    `at ${(now / 1_000).toFixed(1)}s, who says what of whom (status, state below, incarnation)`,
    ...tables,
    violation ? describeViolation(violation) : 'every property held so far',
  ];
}

function describeNode({ host, isRunning, isMember, life }: SimNode): string {
  const state = isMember ? (host.isBlocked ? 'blocked' : 'up') : isRunning ? 'coming or going' : 'down';
  return `(${host.ip}, life ${life}, ${state})`;
}

function tableOf(node: SimNode, beliefs: Simulation['beliefs']): string {
  const members = node.serf?.members() ?? [];
  const entries = members.map(({ name, status }) => {
    const belief = beliefs.of(node, name);
    return `${name} ${status}/${belief ? `${belief.state}/${belief.incarnation}` : 'forgotten'}`;
  });
  return entries.length > 0 ? `: ${entries.sort().join(', ')}` : '';
}
