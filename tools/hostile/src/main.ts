// `npm run hostile`: every class at an agent of its own, and a table of what became of it.
//
//   npm run hostile                          all classes at our agent, the long way
//   npm run hostile -- --brief bombs         as in `npm test`; only classes named like bombs
//   npm run hostile -- --against real        at Serf 0.9.4 (SERF_BIN), or real-0.10 (SERF_BIN_0_10)
//   npm run hostile -- --encrypt             in a cluster with a key, which the attacker has not
//   npm run hostile -- consul [word …]       the classes for a server of Consul, at our server
//
// Ends with 1 when an agent of ours died, grew too much or was left with a lasting effect.

import { parseArgs } from 'node:util';
import { Cluster, type Program, serf094, serf0101 } from '@reeve/interop';
import { probedReeve } from './agents/probed-agent.ts';
import { consulCorpus } from './consul/corpus.ts';
import {
  consulRow,
  consulTableHead,
  isHarmlessToConsul,
  tryConsulClass,
  withServer,
} from './consul/trial.ts';
import { corpus } from './corpus.ts';
import { isHarmless, tableHead, tableRow } from './report.ts';
import { type Finding, type Pair, tryClass } from './trial.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string', default: 'ours' },
    brief: { type: 'boolean', default: false },
    encrypt: { type: 'boolean', default: false },
  },
});
const isConsul = positionals[0] === 'consul';
const words = isConsul ? positionals.slice(1) : positionals;

const key = Buffer.alloc(32, 'A').toString('base64');
/** A forged suspicion becomes a death after 4 s; this leaves time for what follows. */
const watchMs = 8_000;

const harmful = isConsul ? await tryConsul() : await trySerf();
process.exitCode = harmful > 0 && values.against === 'ours' ? 1 : 0;

function isChosen({ name }: { readonly name: string }): boolean {
  return words.length === 0 || words.some((word) => name.includes(word));
}

/** Returns how many classes did harm. */
async function trySerf(): Promise<number> {
  console.log(tableHead);
  let harmful = 0;
  for (const tried of corpus.filter(isChosen)) {
    const finding = await tryAlone(tried);
    console.log(tableRow(finding));
    if (!isHarmless(finding)) harmful += 1;
  }
  return harmful;
}

/** The same of the classes for Consul; each at a server of its own. */
async function tryConsul(): Promise<number> {
  console.log(consulTableHead);
  let harmful = 0;
  for (const tried of consulCorpus.filter(isChosen)) {
    const finding = await withServer((target) => tryConsulClass(target, tried, values.brief));
    console.log(consulRow(finding));
    if (!isHarmlessToConsul(finding)) harmful += 1;
  }
  return harmful;
}

/** In a cluster of two that nobody has harmed yet. */
async function tryAlone(tried: (typeof corpus)[number]): Promise<Finding> {
  const cluster = await Cluster.open();
  try {
    return await tryClass(await startPair(cluster), tried, { isBrief: values.brief, watchMs });
  } finally {
    await cluster.close();
  }
}

async function startPair(cluster: Cluster): Promise<Pair> {
  const program = programCalled(values.against, cluster.folder);
  const flags = ['-log-level=info', ...(values.encrypt ? [`-encrypt=${key}`] : [])];
  const target = await cluster.start(program, 'target', ...flags);
  const other = await cluster.start(program, 'other', `-join=${target.gossip}`, ...flags);
  return [target, other];
}

function programCalled(name: string, folder: string): Program {
  const programs: Readonly<Record<string, Program>> = {
    ours: probedReeve(folder),
    real: serf094,
    'real-0.10': serf0101,
  };
  const program = programs[name];
  if (program === undefined || program.path === '')
    throw new Error(`There is no program for --against ${name}.`);
  return program;
}
