// What can be asked about a simulated cluster, as lines of text; the answers are lines, too.
//
//   members n1       what n1 says of everybody, with when it changed its mind
//   events n1        what the application on n1 was told, since the last question
//   log n1 Refuting  what n1 has logged since the last question, only lines with these words
//   happened         which faults really happened
//   trouble          the first property that did not hold, or what is not in order

import { decodeText } from '@reeve/bytes';
import type { SerfEvent } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import { describeHappened } from '../faults/ledger.ts';
import { describeViolation } from '../run.ts';
import type { Simulation } from '../simulation.ts';
import { takeNode } from './commands.ts';
import { Words } from './words.ts';

/** The answer to a question; undefined when the line is none. @throws ScriptError */
export function ask(simulation: Simulation, line: string): readonly string[] | undefined {
  const words = new Words(line);
  const question = questions[words.take('a command')];
  const answer = question?.(simulation, words);
  if (question) words.end();
  return answer;
}

const questions: Readonly<Record<string, (simulation: Simulation, words: Words) => readonly string[]>> = {
  members: (simulation, words) => listMembers(simulation, takeNode(simulation, words)),
  events: (simulation, words) => takeNode(simulation, words).told.splice(0).map(describeEvent),
  log(simulation, words) {
    const node = takeNode(simulation, words);
    const wanted = words.rest().join(' ');
    const lines = node.log.splice(0).filter(({ text }) => text.includes(wanted));
    return lines.map(({ atMs, text }) => `${seconds(atMs)} ${text}`);
  },
  happened: (simulation) => [describeHappened(simulation.happened)],
  trouble(simulation) {
    const trouble = simulation.violation ?? simulation.findDisorder();
    return [trouble ? describeViolation(trouble) : 'none'];
  },
};

function listMembers(simulation: Simulation, node: SimNode): readonly string[] {
  const members = node.serf?.members() ?? [];
  return members
    .map(({ name, status }) => {
      const belief = simulation.beliefs.of(node, name);
      const incarnation = belief ? ` inc=${belief.incarnation}` : '';
      const times = [...(belief?.since ?? [])].filter(([state]) => state !== 'alive');
      const history = times.map(([state, atMs]) => `${state} at ${seconds(atMs)}`).join(', ');
      return `${name} ${status}${incarnation}${history && ` (${history})`}`;
    })
    .sort();
}

/** As in `member-join n1,n2`, `user deploy v2`. */
function describeEvent(event: SerfEvent): string {
  if (event.kind === 'user') return `user ${event.name} ${decodeText(event.payload)}`.trimEnd();
  if (event.kind === 'query') return `query ${event.name}`;
  return `${event.kind} ${event.members.map(({ name }) => name).join(',')}`;
}

function seconds(atMs: number): string {
  return `${(atMs / 1_000).toFixed(1)}s`;
}
