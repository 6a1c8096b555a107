// A forecast as one HTML file with plots, which needs nothing from anywhere: no script, no font, no network.
// Next: plot.ts.

import type { Forecast } from '../forecast.ts';
import type { Spread, SpreadRow } from '../spread.ts';
import { drawPlot } from './plot.ts';

/** Something that is to be known besides, in plain text. */
export interface PageFact {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The page. `heading` is plain text: what was simulated, in one line. */
export function forecastPage(forecast: Forecast, heading: string, facts: readonly PageFact[]): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>',
    `<title>${escaped(heading)}</title><style>${style}</style></head>`,
    '<body>',
    `<h1>${escaped(heading)}</h1>`,
    `<dl>${facts.map(factEntry).join('')}</dl>`,
    ...forecast.spreads.map(spreadSection),
    trafficSection(forecast),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function factEntry({ name, lines }: PageFact): string {
  return `<dt>${escaped(name)}</dt><dd>${lines.map(escaped).join('<br/>')}</dd>`;
}

function spreadSection(spread: Spread): string {
  const hasFormula = spread.curve.some(({ formula }) => formula !== undefined);
  const measured = {
    name: 'simulated',
    style: 'measured',
    points: spread.curve.map(({ afterMs, share }) => [afterMs / 1_000, 100 * share] as const),
  };
  const formula = {
    name: 'classic formula',
    style: 'formula',
    points: spread.curve.map(({ afterMs, formula = 0 }) => [afterMs / 1_000, 100 * formula] as const),
  };
  const plot = drawPlot({
    title: escaped(spread.title),
    lines: hasFormula ? [measured, formula] : [measured],
    xLabel: 'seconds',
    yLabel: '% of members',
    xText: short,
    yText: short,
  });
  return `<section>\n<h2>${escaped(spread.title)}</h2>\n${plot}\n${table(spread, hasFormula)}\n</section>`;
}

function table({ rows, news }: Spread, hasFormula: boolean): string {
  const isOne = news === 1;
  const columns = [
    { head: isOne ? 'time' : 'mean', cell: (row: SpreadRow) => row.meanMs },
    ...(isOne ? [] : [{ head: 'slowest', cell: (row: SpreadRow) => row.slowestMs }]),
    ...(hasFormula ? [{ head: 'formula', cell: (row: SpreadRow) => row.formulaMs }] : []),
  ];
  const head = columns.map((column) => `<th>${column.head}</th>`).join('');
  const lines = rows.map((row) => {
    const cells = columns.map(({ cell }) => `<td>${milliseconds(cell(row))}</td>`).join('');
    return `<tr><th>${row.share === 0 ? 'first' : `${100 * row.share} %`}</th>${cells}</tr>`;
  });
  return `<table>\n<tr><th>members</th>${head}</tr>\n${lines.join('\n')}\n</table>`;
}

function trafficSection({ traffic }: Forecast): string {
  const points = traffic.bytesPerSecond.map((bytes, second) => [second, bytes / 1_000] as const);
  const plot = drawPlot({
    title: 'traffic of a member',
    lines: [{ name: 'sent', style: 'measured', points }],
    xLabel: 'seconds',
    yLabel: 'kB/s',
    xText: short,
    yText: short,
  });
  return `<section>\n<h2>what an average member sends</h2>\n${plot}\n</section>`;
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? 'not in time' : `${Math.round(ms)} ms`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const style = `
:root { color-scheme: light dark;
  --ink: #1a1a1a; --paper: #fff; --grid: #ddd; --one: #0b62c4; --two: #c2410c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --paper: #161616; --grid: #3a3a3a; --one: #6cb2ff; --two: #ff9d5c }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 48rem;
  margin: 2rem auto; padding: 0 1rem; box-sizing: border-box }
h1, h2 { line-height: 1.2; text-wrap: balance }
h1 { font-size: 1.6rem }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.5rem }
dt { font-weight: bold }
dd { margin: 0 }
svg { width: 100%; height: auto }
svg text { font-size: 14px; fill: currentColor }
svg path { vector-effect: non-scaling-stroke }
.grid { stroke: var(--grid); fill: none }
.line { stroke-width: 2; fill: none }
.measured { stroke: var(--one) }
.formula { stroke: var(--two); stroke-dasharray: 6 4 }
table { border-collapse: collapse }
th, td { text-align: right; padding: .2rem 0 .2rem 1.2rem; white-space: nowrap;
  font-variant-numeric: tabular-nums }
th:first-child { padding-left: 0 }
@media (max-width: 30rem) {
  dl { grid-template-columns: 1fr; gap: 0 }
  dd { margin-bottom: .5rem }
  th, td { padding-left: .8rem }
}
@media (min-width: 40rem) { svg text { font-size: 9px } }
`;
