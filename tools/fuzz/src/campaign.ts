// All targets in turn, each in a process of its own, round after round until the time is over. What is found
// stays in files of the target's name: in `.hex` its corpus, in `.failed` what it does not take.
// Next: worker.ts, the process.

import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NamedTarget } from './find-targets.ts';
import { writeInputs } from './input-file.ts';
import { readLastInput } from './last-input.ts';
import type { Report } from './worker.ts';

/** How long, and where to keep what is found. */
export interface CampaignOptions {
  readonly minutes: number;
  /** The most inputs a target gets in a round. */
  readonly inputsMax: number;
  readonly corpusFolder: string;
  readonly say: (line: string) => void;
}

/** Explores the targets. Returns those that failed; a target that has failed is left alone. */
export async function runCampaign(
  targets: readonly NamedTarget[],
  { minutes, inputsMax, corpusFolder, say }: CampaignOptions,
): Promise<readonly NamedTarget[]> {
  mkdirSync(corpusFolder, { recursive: true });
  const start = Date.now();
  const leftMs = () => start + minutes * 60_000 - Date.now();
  const seconds = Math.min((minutes * 60) / targets.length, sliceSecondsMax);
  const latest = new Map<string, Report>();
  const failed = new Set<NamedTarget>();
  let inputs = 0;
  do {
    for (const each of targets) {
      if (failed.has(each) || leftMs() <= 0) continue;
      const files = filesOf(each, corpusFolder);
      const ended = await explore(each, files, seconds, inputsMax, (report) =>
        say(progressLine(each, report)),
      );
      inputs += ended.inputs;
      latest.set(each.name, ended);
      if (ended.end === 'passed') continue;
      failed.add(each);
      say(`${each.name} failed: ${ended.end?.failed}`);
      say(`To see it again: npm run fuzz -- --replay '${files}.failed' '${each.name}'`);
    }
  } while (leftMs() > 0 && failed.size < targets.length && inputsMax === Number.POSITIVE_INFINITY);
  const blocks = [...latest.values()].reduce((sum, report) => sum + report.blocks, 0);
  say(`${latest.size} targets, ${inputs} inputs, ${blocks} blocks reached, ${failed.size} failed.`);
  return [...failed];
}

/** Where what is found about a target is kept: a path to which an ending is added. */
export function filesOf({ name }: NamedTarget, corpusFolder: string): string {
  return join(corpusFolder, name.replaceAll(/[^\w.]+/g, '-'));
}

/** Lets a worker explore. One that dies or falls silent has failed, by the input that it had last. */
function explore(
  { name, folder }: NamedTarget,
  files: string,
  seconds: number,
  inputsMax: number,
  onReport: (report: Report & { elapsedMs: number }) => void,
): Promise<Report> {
  return new Promise((resolve, reject) => {
    const start = Date.now();
    const worker = fork(workerProgram, [name, folder, files, String(seconds), String(inputsMax)]);
    let last: Report = { inputs: 0, corpus: 0, blocks: 0, end: undefined };
    const watch = setTimeout(() => worker.kill('SIGKILL'), silenceMsMax);
    worker.on('message', (report: Report) => {
      watch.refresh();
      last = report;
      onReport({ ...report, elapsedMs: Date.now() - start });
    });
    worker.on('error', reject);
    worker.on('close', (code, signal) => {
      clearTimeout(watch);
      if (last.end !== undefined) return resolve(last);
      writeInputs(`${files}.failed`, [readLastInput(`${files}.last`)]);
      resolve({ ...last, end: { failed: `ended by ${signal ?? code}` } });
    });
  });
}

function progressLine({ name }: NamedTarget, report: Report & { elapsedMs: number }): string {
  const perSecond = Math.round((report.inputs * 1_000) / report.elapsedMs);
  return `${name}: ${report.inputs} inputs, ${perSecond}/s, corpus ${report.corpus}, ${report.blocks} blocks`;
}

const workerProgram = fileURLToPath(new URL('worker.js', import.meta.url));
const sliceSecondsMax = 60;
/** A worker tells every 5 s how far it is, but may need a minute to make a failure small. */
const silenceMsMax = 150_000;
