// Captured runs of the original's agent, run again with ours: same arguments on other addresses, and what
// is printed brought into a form in which two runs can be equal.

import type { TestContext } from 'node:test';
import { readTranscript } from '@reeve/golden';
import { type Outcome, privateAddress, type SerfProcess, startAgent } from './agent-process.js';

/** A run of ours beside the captured one. */
export interface Rerun {
  readonly agent: SerfProcess;
  /** What the capture shows, without what depends on chance. */
  readonly expected: Outcome;
  /** The outcome of ours in the same form, with the capture's addresses. */
  outcome(): Promise<Outcome>;
}

/**
 * Starts an agent as in a capture. `folder` stands for the capture's DIR; `prepare` runs before, and is
 * told which address of ours stands for a captured one.
 */
export async function rerun(
  t: TestContext,
  capture: string,
  folder: string,
  prepare: (ours: (captured: string) => string) => Promise<unknown> = async () => {},
): Promise<Rerun> {
  const { argv, stdout, stderr, exit, command } = readTranscript(capture);
  const addresses = new Map<string, string>();
  for (const [address] of command.matchAll(capturedAddress)) {
    if (!addresses.has(address)) addresses.set(address, await privateAddress());
  }
  const ours = (captured: string): string => addresses.get(captured) ?? captured;
  await prepare(ours);
  const [, ...args] = argv.map((word) => word.replaceAll('DIR', folder).replace(capturedAddress, ours));
  const agent = startAgent(t, ...args);
  const comparable = (text: string): string => {
    let result = text.replaceAll(folder, 'DIR');
    for (const [captured, address] of addresses) result = result.replaceAll(address, captured);
    return withoutChance(result);
  };
  return {
    agent,
    expected: { stdout: withoutChance(stdout), stderr, exit },
    outcome: async () => {
      const ended = await agent.ended;
      return { ...ended, stdout: comparable(ended.stdout) };
    },
  };
}

/** Whether the capture notes that this signal was sent. */
export function signalsOf(capture: string): NodeJS.Signals[] {
  const { notes } = readTranscript(capture);
  return [...notes.join().matchAll(/([A-Z]+) sent at/g)].map(([, name]) => `SIG${name}` as NodeJS.Signals);
}

// Help, whose words are not the original's; dates; clients' ports; two lines that race with others in the
// original: events of members, which are told a second late, and the word that serf is down while the agent
// takes it down.
function withoutChance(text: string): string {
  return text
    .replace(/^==> Usage: serf agent (.|\n)*/m, '==> <help>\n')
    .replaceAll(/^ {4}\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm, '    DATE ')
    .replaceAll(/^.*agent: Received event: member-\w+\n/gm, '')
    .replaceAll(/^.*agent: Serf shutdown detected, quitting\n/gm, '')
    .replaceAll(/Accepted client: \S+/g, 'Accepted client: CLIENT')
    .replaceAll(/on \S+:53: no such host/g, 'on <dns-server>:53: no such host');
}

const capturedAddress = /127\.0\.7\.\d+/g;
