// `npm run bench`: Reeve beside the real Serf on this machine. scripts/bench.mjs builds and starts it.
//
//   npm run bench                    everything; takes an hour
//   npm run bench -- members packets  the measures of these names, in their order
//   npm run bench -- --quick         one short round each, to see that everything works
//   npm run bench -- --json          the results as JSON
//
// Results go to stdout, progress to stderr.

import { parseArgs } from 'node:util';
import { peersMissing, reeve, serf094, serf0101 } from '@reeve/interop';
import { alternate } from './alternate.ts';
import { measures } from './measures.ts';
import { formatHead, formatTable, settingOf } from './report.ts';
import { type Result, resultsOf } from './results.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const options = { quick: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const complaint = unknownMeasure(positionals) ?? missingPrograms();
  if (complaint !== undefined) {
    say(complaint);
    return 1;
  }
  // Node reads this file at every start (35 ms), which says nothing about our programs.
  delete process.env.NODE_EXTRA_CA_CERTS;
  const chosen = measures.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const programs = [reeve, serf094, serf0101];
  const effort = values.quick === true ? 'quick' : 'full';
  const setting = settingOf(programs, effort);
  const results: Result[] = [];
  for (const measure of chosen) {
    const samples = await alternate(measure, programs, effort, (program, round, rounds) =>
      say(`${measure.name} ${round}/${rounds}: ${program.title}`),
    );
    results.push(...resultsOf(measure, programs, samples));
  }
  const json = (): string => `${JSON.stringify({ setting, results }, null, 2)}\n`;
  const text = (): string => `${formatHead(setting, chosen)}\n${formatTable(results)}`;
  process.stdout.write(values.json === true ? json() : text());
  return 0;
}

function unknownMeasure(names: readonly string[]): string | undefined {
  const known = measures.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  return unknown === undefined
    ? undefined
    : `There is no measure "${unknown}"; there are ${known.join(', ')}.`;
}

function missingPrograms(): string | undefined {
  const missing = peersMissing();
  return missing === false ? undefined : `The bench ${missing}.`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
