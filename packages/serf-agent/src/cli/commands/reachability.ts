// `serf reachability`: asks every member for a sign of life and names those that gave none.

import { defineCommand, orFail, type Ui } from '@reeve/cli';
import type { QueryListener } from '../../rpc/client.ts';
import { orInterrupt } from '../interrupt.ts';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

/** The command. */
export const reachabilityCommand = defineCommand({
  usage: 'serf reachability [options]',
  about: [
    'Asks all members for a sign of life through the cluster itself and compares who answers with who is',
    'believed to be alive. Fails (exit code 1) if they differ, and says what may be the reason.',
  ].join(' '),
  flags: {
    verbose: { kind: 'bool', help: 'Print every answer and how long it all took.' },
    ...rpcFlags,
  },
  run: (call) =>
    talkToAgent(call, async (client) => {
      const { ui, io, values } = call;
      const members = await orFail('Error getting members', client.members());
      const live = new Set(members.filter(({ status }) => status === 'alive').map(({ name }) => name));
      ui.output(`Total members: ${members.length}, live members: ${live.size}`);

      const test = new ReachabilityTest(ui, values.verbose);
      const ended = orFail('Error sending query', client.query(ping, test));
      if ((await orInterrupt(io.signals, ended)) === 'interrupted') {
        ui.error('Test interrupted');
        return 1;
      }
      return test.finish(live);
    }),
});

/** Counts the answers, and says what they mean. */
class ReachabilityTest implements QueryListener {
  readonly #ui: Ui;
  readonly #isVerbose: boolean;
  readonly #answered = new Set<string>();
  #answers = 0;
  #startedAt = 0;
  #lastAt = 0;

  constructor(ui: Ui, isVerbose: boolean) {
    this.#ui = ui;
    this.#isVerbose = isVerbose;
  }

  onStart(): void {
    this.#ui.output('Starting reachability test...');
    this.#startedAt = performance.now();
    this.#lastAt = this.#startedAt;
  }

  onAck(from: string): void {
    if (this.#isVerbose) this.#ui.output(`\tAck from '${from}'`);
    if (this.#answered.has(from)) this.#ui.output(`Duplicate response from '${from}'`);
    this.#answers += 1;
    this.#answered.add(from);
    this.#lastAt = performance.now();
  }

  onResponse(): void {}

  /** The exit code. */
  finish(live: ReadonlySet<string>): number {
    const say = (text: string): void => this.#ui.output(text);
    if (this.#isVerbose) {
      const total = seconds(performance.now() - this.#startedAt);
      say(`Query time: ${total} sec, time to last response: ${seconds(this.#lastAt - this.#startedAt)} sec`);
    }
    const hasDuplicates = this.#answers > this.#answered.size;
    if (hasDuplicates) say(duplicateResponses);
    if (this.#answers === live.size) {
      say('Successfully contacted all live nodes');
      return hasDuplicates ? 1 : 0;
    }
    const isTooMany = this.#answers > live.size;
    const [odd, among] = isTooMany ? [this.#answered, live] : [live, this.#answered];
    say(isTooMany ? tooManyAcks : tooFewAcks);
    for (const name of odd) if (!among.has(name)) say(`\t${name}`);
    say(isTooMany ? tooManyReason : tooFewReason);
    say(troubleshooting);
    return 1;
  }
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(2);
}

const ping = {
  filterNodes: null,
  filterTags: new Map<string, string>(),
  requestAck: true,
  relayFactor: 0,
  timeoutNs: 0,
  name: '_serf_ping',
  payload: null,
};

// What follows are messages that scripts can see, so they are the original's.
const tooManyAcks = 'Received more acks than live nodes! Acks from non-live nodes:';
const tooFewAcks = 'Received less acks than live nodes! Missing acks from:';
const tooManyReason =
  'This could mean Serf is detecting false-failures due to a misconfiguration or network issue.';
const tooFewReason =
  'This could mean Serf gossip packets are being lost due to a misconfiguration or network issue.';
const duplicateResponses =
  'Duplicate responses means there is a misconfiguration. Verify that node names are unique.';
const troubleshooting = `
Troubleshooting tips:
* Ensure that the bind addr:port is accessible by all other nodes
* If an advertise address is set, ensure it routes to the bind address
* Check that no nodes are behind a NAT
* If nodes are behind firewalls or iptables, check that Serf traffic is permitted (UDP and TCP)
* Verify networking equipment is functional`;
