// `npm run bench`: Reeve beside the real Serf and the real Consul on this machine. scripts/bench.mjs builds
// and starts it.
//
//   npm run bench                     everything; takes two hours
//   npm run bench -- members packets  the measures of these names, in their order
//   npm run bench -- consul           all measures whose names begin so
//   npm run bench -- --quick          one short round each, to see that everything works
//   npm run bench -- --json           the results as JSON
//
// Results go to stdout, progress to stderr.

import { parseArgs } from 'node:util';
import { alternate } from './alternate.ts';
import type { Effort } from './measure.ts';
import { chooseMeasures, type Suite, unknownMeasure } from './measures.ts';
import { formatHead, formatTables, type Setting, settingOf } from './report.ts';
import { type Result, resultsOf } from './results.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const options = { quick: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const chosen = chooseMeasures(positionals);
  const complaint = unknownMeasure(positionals) ?? missingPrograms(chosen);
  if (complaint !== undefined) {
    say(complaint);
    return 1;
  }
  // Node reads this file at every start (35 ms), which says nothing about our programs.
  delete process.env.NODE_EXTRA_CA_CERTS;
  const outcomes: Outcome[] = [];
  for (const suite of chosen) outcomes.push(await run(suite, values.quick === true ? 'quick' : 'full'));
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify(outcomes, null, 2)}\n`
      : outcomes.map(({ head, results }) => `${head}\n${formatTables(results)}`).join('\n'),
  );
  return 0;
}

/** Of one suite. */
interface Outcome {
  readonly head: string;
  readonly setting: Setting;
  readonly results: readonly Result[];
}

async function run({ programs, measures }: Suite, effort: Effort): Promise<Outcome> {
  const setting = settingOf(programs, effort);
  const results: Result[] = [];
  for (const measure of measures)
    results.push(...resultsOf(measure, programs, await alternate(measure, programs, effort, say)));
  return { head: formatHead(setting, measures), setting, results };
}

function missingPrograms(chosen: readonly Suite[]): string | undefined {
  const missing = chosen.map((suite) => suite.missing()).filter((reason) => reason !== false);
  return missing.length === 0 ? undefined : `The bench ${missing.join('; it ')}.`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
