// Programs as the target of an attack, and what can be seen of an agent from outside and, if it is ours, from
// inside. Next: ../trial.ts.

import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { type Agent, type Program, reeve, reeveConsul } from '@reeve/interop';
import type { ProbeAnswer } from './probe.ts';

/** Our program with the probe inside; `folder` is for the probes' sockets. */
export function probedReeve(folder: string): Program {
  return { ...reeve, agentEnv: probeEnv(folder) };
}

/** The same with our Consul. */
export function probedConsul(folder: string): Program {
  return { ...reeveConsul, agentEnv: probeEnv(folder) };
}

function probeEnv(folder: string): Readonly<Record<string, string>> {
  const hook = new URL('./probe.js', import.meta.url);
  return { NODE_OPTIONS: `--import=${hook.href}`, REEVE_PROBE_FOLDER: folder };
}

/** How large an agent is, and how long it was busy with one thing. */
export interface Reading {
  /** What it holds: after a collection, or, of a program without a probe, what is resident. */
  readonly heldBytes: number;
  readonly residentBytes: number;
  /** Since the last reading; undefined without a probe. */
  readonly longestTurnMs: number | undefined;
}

/** Reads an agent that runs. */
export async function readAgent(agent: Agent): Promise<Reading> {
  const { residentBytes } = agent.memory();
  const folder = agent.program.agentEnv?.REEVE_PROBE_FOLDER;
  if (folder === undefined) return { heldBytes: residentBytes, residentBytes, longestTurnMs: undefined };
  return { ...(await askProbe(folder, agent.pid)), residentBytes };
}

/** Asks the probe inside a process. */
export async function askProbe(folder: string, pid: number | undefined): Promise<ProbeAnswer> {
  return JSON.parse(await readText(connect(`${folder}/${pid}`))) as ProbeAnswer;
}
