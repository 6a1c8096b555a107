// What is told about results: a line each, a table (in Markdown, for docs/mutations.md), the share.

import { basename } from 'node:path';
import type { Result, Verdict } from './trial.ts';

/** One line, and what the compiler says if it does not like the fault. */
export function describeResult({ fault, verdict, tookMs }: Result): string {
  const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
  if (verdict.kind !== 'caught') {
    const complaint = verdict.kind === 'does not compile' ? `\n${verdict.complaint.trimEnd()}` : '';
    return `${verdict.kind.toUpperCase()} (${seconds}): ${fault.name} [${fault.file}]${complaint}`;
  }
  return `caught (${seconds}): ${fault.name} – ${basename(verdict.test)}: ${verdict.title}`;
}

/** All results as a table. */
export function tabulate(results: readonly Result[]): readonly string[] {
  const rows = results.map(({ fault, verdict }) => {
    const where = fault.file.replace('packages/', '').replace('/src/', ': ');
    const judge = verdict.kind === 'caught' ? judgeOf(verdict) : `**${verdict.kind}**`;
    return `| ${fault.name} | ${where} | ${judge} |`;
  });
  return ['| fault | where | caught by |', '| --- | --- | --- |', ...rows];
}

/** How many were caught, and whether that is enough. */
export function summarize(results: readonly Result[]): { readonly text: string; readonly isEnough: boolean } {
  const caught = results.filter(({ verdict }) => verdict.kind === 'caught').length;
  const share = caught / results.length;
  const text = `${caught} of ${results.length} faults caught, ${(100 * share).toFixed(1)} %`;
  return { text, isEnough: share >= shareMin };
}

/** `suspect: the title of a test`, fit for a table. */
function judgeOf({ test, title }: Caught): string {
  return `${basename(test, '.test.js')}: ${title.replaceAll('|', '\\|')}`;
}

type Caught = Extract<Verdict, { readonly kind: 'caught' }>;

const shareMin = 0.95;
