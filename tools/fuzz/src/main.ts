// `npm run fuzz`: damaged input at every decoder, guided by which code it reaches.
//
//   npm run fuzz -- --minutes 30           all targets in turn, for half an hour (default: 10)
//   npm run fuzz -- --inputs 100000 lzw    so many inputs a target; only targets named like lzw
//   npm run fuzz -- --corpus DIR           keeps what it finds in DIR (default: .fuzz)
//   npm run fuzz -- --list                 names the targets
//   npm run fuzz -- --replay FILE NAME     gives the inputs in a file to one target, once
//
// Ends with 1 when a target has failed. Next: campaign.ts.

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { findTargets, type NamedTarget, rootFolder, targetFolders } from './find-targets.ts';
import { readInputs } from './input-file.ts';
import { failureOf } from './trial.ts';

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string' },
    inputs: { type: 'string' },
    corpus: { type: 'string', default: join(rootFolder, '.fuzz') },
    list: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
});

const say = (line: string) => console.log(line);
const all = await findTargets(targetFolders());
const targets = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
process.exitCode = await main();

async function main(): Promise<number> {
  if (targets.length === 0) say('There is no such target; --list names them.');
  if (targets.length === 0) return 1;
  if (values.list) for (const { name } of targets) say(name);
  if (values.list) return 0;
  if (values.replay !== undefined) return replay(targets, values.replay);
  const inputsMax = values.inputs === undefined ? Number.POSITIVE_INFINITY : positive(values.inputs);
  const minutes = positive(values.minutes ?? (values.inputs === undefined ? '10' : '1e6'));
  const corpusFolder = resolve(values.corpus);
  const failed = await runCampaign(targets, { minutes, inputsMax, corpusFolder, say });
  return failed.length > 0 ? 1 : 0;
}

function replay([first, ...others]: readonly NamedTarget[], path: string): number {
  const exact = targets.find(({ name }) => words.includes(name)) ?? first;
  if (exact === undefined || (exact === first && others.length > 0)) {
    say('Name one target.');
    return 1;
  }
  const failure = failureOf(exact.target, readInputs(path));
  say(
    failure === undefined ? `${exact.name}: all inputs are taken well.` : (failure.stack ?? failure.message),
  );
  if (failure?.cause instanceof Error) say(failure.cause.stack ?? '');
  return failure === undefined ? 0 : 1;
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new RangeError(`"${text}" is no number above 0`);
}
