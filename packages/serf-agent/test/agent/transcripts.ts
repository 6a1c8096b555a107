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
 * Where captured runs are run again: a folder that stands for their DIR, and addresses that stand for theirs.
 */
export class Stage {
  readonly #folder: string;
  readonly #addresses = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The address of ours that stands for a captured one. */
  async address(captured: string): Promise<string> {
    const known = this.#addresses.get(captured);
    if (known !== undefined) return known;
    const address = await privateAddress();
    this.#addresses.set(captured, address);
    return address;
  }

  /** Starts an agent as in a capture. */
  async rerun(t: TestContext, capture: string): Promise<Rerun> {
    const { argv, stdout, stderr, exit, command } = readTranscript(capture);
    for (const [address] of command.matchAll(capturedAddress)) await this.address(address);
    const [, ...args] = argv.map((word) => this.#ours(word));
    const agent = startAgent(t, ...args);
    return {
      agent,
      expected: { stdout: withoutChance(stdout), stderr, exit },
      outcome: async () => {
        const ended = await agent.ended;
        return { ...ended, stdout: withoutChance(this.#captured(ended.stdout)) };
      },
    };
  }

  #ours(word: string): string {
    const inFolder = word.replaceAll('DIR', this.#folder);
    return inFolder.replace(capturedAddress, (captured) => this.#addresses.get(captured) ?? captured);
  }

  #captured(text: string): string {
    let captured = text.replaceAll(this.#folder, 'DIR');
    for (const [address, ours] of this.#addresses) captured = captured.replaceAll(ours, address);
    return captured;
  }
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
