// The output: a head that says what was measured where and how, and a Markdown table, which is what
// docs/benchmarks.md keeps.

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import type { Program } from '@reeve/interop';
import type { Effort, Figure, Measure } from './measure.ts';
import { goalNumber, type Result } from './results.ts';
import type { Spread } from './statistics.ts';

/** Where, when and with what. */
export interface Setting {
  readonly date: string;
  readonly machine: string;
  readonly programs: readonly string[];
  readonly effort: Effort;
  /** Processes that wanted to run in the last minute, before we began. */
  readonly loadBefore: number;
}

/** This machine, now. */
export function settingOf(programs: readonly Program[], effort: Effort): Setting {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const processor = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${memory}`;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processor}; Linux ${release()}; Node ${process.versions.node}`,
    programs: programs.map(({ title }) => title),
    effort,
    loadBefore: Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[0]),
  };
}

/** The head: one line each. */
export function formatHead(setting: Setting, chosen: readonly Measure[]): string {
  const rough = setting.effort === 'quick' ? '; quick: rough figures' : '';
  return [
    `${setting.programs.join(', ')}; ${setting.date}${rough}`,
    `${setting.machine}; load before: ${setting.loadBefore}`,
    '',
    method,
    '',
    ...chosen.map(({ name, rounds, method: how }) => `- ${name} (${rounds} ×): ${how}`),
    '',
  ].join('\n');
}

/** The tables: of single figures, and of loads, which have several each. */
export function formatTables(results: readonly Result[]): string {
  const isOfLoad = ({ figure }: Result): boolean => figure.load !== undefined;
  const loads = results.filter(isOfLoad);
  const others = results.filter((result) => !isOfLoad(result));
  const tables = [loads.length > 0 ? formatLoads(loads) : '', others.length > 0 ? formatTable(others) : ''];
  return tables.filter((table) => table !== '').join('\n');
}

/** Loads, a line each: latencies and cost are medians, ours and the original's. */
function formatLoads(results: readonly Result[]): string {
  const [peer] = results[0]?.peers ?? [];
  const head = [
    '',
    'Reeve, /s',
    `${peer?.title}, /s`,
    'ratio',
    'goal',
    'p50, ms',
    'p99, ms',
    'CPU for 1,000, ms',
  ];
  const titles = new Set(results.map(({ figure }) => figure.load?.title ?? ''));
  const partsOf = (title: string): readonly Result[] =>
    results.filter(({ figure }) => figure.load?.title === title);
  return formatRows([head, ...[...titles].map((title) => [title, ...partsOf(title).flatMap(loadCells)])]);
}

function loadCells(result: Result): readonly string[] {
  const { figure, ours, peers } = result;
  const [peer] = peers;
  if (peer === undefined) return [];
  if (figure.load?.part === 'rate')
    return [formatSpread(ours), formatSpread(peer.theirs), formatSpread(peer.ratio), formatGoal(result)];
  const mark = result.isMet === undefined ? '' : markOf(result);
  return [`${formatNumber(ours.median)} / ${formatNumber(peer.theirs.median)}${mark}`];
}

/** The table of single figures. */
export function formatTable(results: readonly Result[]): string {
  const peers = results[0]?.peers.map(({ title }) => title) ?? [];
  const head = ['', 'Reeve', ...peers, ...peers.map((title) => `Reeve ÷ ${title}`), 'goal'];
  const rows = results.map((result) => [
    `${result.figure.title}, ${result.figure.unit}`,
    formatSpread(result.ours),
    ...result.peers.map(({ theirs }) => formatSpread(theirs)),
    ...result.peers.map(({ ratio }) => formatSpread(ratio)),
    formatGoal(result),
  ]);
  return formatRows([head, ...rows]);
}

function formatRows([head = [], ...rows]: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function formatSpread({ median, min, max }: Spread): string {
  return min === max
    ? formatNumber(median)
    : `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}

/** Three digits say what such figures can say. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));
}

function formatGoal({ figure, isMet }: Result): string {
  if (figure.goal === undefined) return '';
  return `${goalText(figure)}${markOf({ isMet })}`;
}

function markOf({ isMet }: Pick<Result, 'isMet'>): string {
  return isMet === true ? ' ✓' : ' ✗';
}

function goalText({ goal, better }: Pick<Figure, 'goal' | 'better'>): string {
  if (goal === undefined) return '';
  const sign = better === 'lower' ? '≤' : '≥';
  return `${sign} ${formatNumber(goalNumber(goal))}${'ratio' in goal ? ' ×' : ''}`;
}

const method = [
  'The programs take turns on the same machine, each round begins with another one. A cell is the median of',
  'the rounds (and their ends), a ratio that of the medians (and the ends of the ratios of single rounds).',
  'Agents run with default settings and log warnings; they and the bench process share all cores.',
].join('\n');
