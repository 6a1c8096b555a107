// Findings as a table, and which of them are harmless. Next: main.ts, which prints them.

import type { Finding } from './trial.ts';

/** The first lines of the table. */
export const tableHead = [
  '| class | inputs | deaths | growth MiB | longest turn ms | log lines | wrong belief s | lasting effects |',
  '| --- | --: | --: | --: | --: | --: | --: | --- |',
].join('\n');

/** One finding. */
export function tableRow(finding: Finding): string {
  const { name, inputs, death, grownBytes, longestTurnMs, loggedLines, wrongBeliefMs, lasting } = finding;
  const turn = longestTurnMs === undefined ? '' : longestTurnMs.toFixed(0);
  const numbers = [
    inputs,
    death === undefined ? 0 : 1,
    (grownBytes / mebibyte).toFixed(1),
    turn,
    loggedLines,
  ];
  const effects = death ?? (lasting.length === 0 ? 'none' : lasting.join('; '));
  return `| ${[name, ...numbers, (wrongBeliefMs / 1_000).toFixed(1), effects].join(' | ')} |`;
}

/** What no class may do to an agent of ours. How long turns last is not judged: it depends on the machine. */
export function isHarmless({ death, grownBytes, wrongBeliefMs, lasting }: Finding): boolean {
  return (
    death === undefined &&
    grownBytes <= grownBytesMax &&
    wrongBeliefMs <= wrongBeliefMsMax &&
    lasting.length === 0
  );
}

const mebibyte = 1024 * 1024;
const grownBytesMax = 16 * mebibyte;
const wrongBeliefMsMax = 15_000;
