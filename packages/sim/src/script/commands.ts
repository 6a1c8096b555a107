// What can be done to a simulated cluster, as lines of text. Storms are made of them, transcripts are written
// in them, and a run that failed can be printed and edited.
//
//   start n1                      crash n1                     power-cut n1 keep 17
//   move n1 10.0.1.1              block n1 for 5s              leave n1
//   join n1 n2                    tags n1 role=web             disk n1 ENOSPC for 5s
//   event n1 deploy v2            event n1 big bytes 5000      query n1 load
//   force-leave n1 n2 [prune]     run 10s                      settle 3m        rest 10s
//   partition n1,n2 [from n3]     cut n1 [to n2,n3]            heal             … for 10s
//   attack takeover n1            attack replay n1             … see ../attacker/attacks.ts
//   loss 20%    duplicate 10% within 50ms    reorder 10% by 300ms    latency 20ms..80ms    latency 50ms tail
//                                 … from n1 to n2 for 10s
//
// `anyone` is the first node that is up. What a node cannot do at the moment it does not do. `settle` waits
// until everything is in order, which it has to be in that time; in a `rest` nobody may change their mind.
// Next: transcript.ts, ../scenarios/storm.ts.

import { type AttackName, attacks } from '../attacker/attacks.ts';
import type { SimNode } from '../cluster/node.ts';
import { duplication } from '../faults/duplication.ts';
import { everyWay, type Fault, type Way } from '../faults/fault.ts';
import { constant, type Distribution, latency, logNormal, uniform } from '../faults/latency.ts';
import { loss } from '../faults/loss.ts';
import { reordering } from '../faults/reordering.ts';
import { cut, partition } from '../faults/separation.ts';
import type { Simulation } from '../simulation.ts';
import { parseMs, parseShare, ScriptError, Words } from './words.ts';

/** Does what one line says. @throws ScriptError when it says nothing that is known. */
export function perform(simulation: Simulation, line: string): void {
  const words = new Words(line);
  const verb = words.take('a command');
  const command = nodeCommands[verb];
  if (command) command(takeNode(simulation, words), words, simulation);
  else if (networkFaults[verb]) setFault(simulation, words, networkFaults[verb]);
  else if (clusterCommands[verb]) clusterCommands[verb](simulation, words);
  else throw words.error(`there is no command "${verb}"`);
  words.end();
}

/** What is done to the cluster. */
const clusterCommands: Readonly<Record<string, (simulation: Simulation, words: Words) => void>> = {
  attack: (simulation, words) => attack(simulation, words),
  heal: (simulation) => simulation.heal(),
  run: (simulation, words) => simulation.run(parseMs(words.take('a time'))),
  rest: (simulation, words) => simulation.rest(parseMs(words.take('a time'))),
  settle: (simulation, words) => simulation.settle(parseMs(words.take('a time'))),
};

/** What is done to a node, which is the first word. */
const nodeCommands: Readonly<Record<string, (node: SimNode, words: Words, simulation: Simulation) => void>> =
  {
    start: (node) => node.start(),
    crash: (node) => node.crash(),
    'power-cut': (node, words) => node.crash({ keepUnsyncedBytes: Number(words.option('keep') ?? 0) }),
    move: (node, words, simulation) => simulation.move(node, words.take('an address')),
    block: (node, words) => node.block(parseMs(requireOption(words, 'for'))),
    leave: (node) => node.leave(),
    join: (node, words, simulation) => node.join([takeNode(simulation, words).host.ip]),
    event(node, words) {
      const name = words.take('a name');
      const bytes = Number(words.option('bytes') ?? 0);
      node.event(name, words.rest().join(' ').padEnd(bytes, '.'));
    },
    query: (node, words) => node.query(words.take('a name')),
    disk: (node, words) => node.failDisk(words.take('an error'), parseMs(requireOption(words, 'for'))),
    tags: (node, words) => node.setTags(new Map(words.rest().map(parseTag))),
    'force-leave': (node, words, simulation) =>
      node.forceLeave(takeNode(simulation, words).name, words.flag('prune')),
  };

/** What is done to the network, for a while or until `heal`. */
const networkFaults: Readonly<Record<string, (simulation: Simulation, words: Words) => Fault>> = {
  partition: (simulation, words) =>
    partition(parseHosts(simulation, words.take('a side')), optionalHosts(simulation, words, 'from')),
  cut: (simulation, words) =>
    cut(parseHosts(simulation, words.take('a side')), optionalHosts(simulation, words, 'to')),
  loss: (simulation, words) => loss(parseShare(words.take('a share')), takeWay(simulation, words)),
  duplicate(simulation, words) {
    const withinMs = parseMs(requireOption(words, 'within'));
    return duplication(parseShare(words.take('a share')), withinMs, takeWay(simulation, words));
  },
  reorder(simulation, words) {
    const heldMs = parseMs(requireOption(words, 'by'));
    return reordering(parseShare(words.take('a share')), heldMs, takeWay(simulation, words));
  },
  latency: (simulation, words) => latency(takeDistribution(words), takeWay(simulation, words)),
};

function attack(simulation: Simulation, words: Words): void {
  const name = words.take('an attack');
  if (!Object.hasOwn(attacks, name)) throw words.error(`there is no attack "${name}"`);
  simulation.attack(attacks[name as AttackName], takeNode(simulation, words));
}

function setFault(
  simulation: Simulation,
  words: Words,
  faultOf: (simulation: Simulation, words: Words) => Fault,
): void {
  const forText = words.option('for');
  simulation.set(faultOf(simulation, words), forText === undefined ? undefined : parseMs(forText));
}

/** A node by its name. @throws ScriptError */
export function takeNode(simulation: Simulation, words: Words): SimNode {
  const name = words.take('a node');
  return (
    (name === 'anyone' ? simulation.nodes.find(({ isUp }) => isUp) : undefined) ??
    nodeCalled(simulation, name)
  );
}

function nodeCalled(simulation: Simulation, name: string): SimNode {
  const node = simulation.nodes.find((candidate) => candidate.name === name);
  if (!node) throw new ScriptError(`there is no node "${name}"`);
  return node;
}

/** `20ms..80ms`, `50ms` or `50ms tail`. */
function takeDistribution(words: Words): Distribution {
  const [min = '', max] = words.take('a latency').split('..');
  if (words.flag('tail')) return logNormal(parseMs(min), 1);
  return max === undefined ? constant(parseMs(min)) : uniform(parseMs(min), parseMs(max));
}

function takeWay(simulation: Simulation, words: Words): Way {
  const from = optionalHosts(simulation, words, 'from')?.map(({ ip }) => ip);
  const to = optionalHosts(simulation, words, 'to')?.map(({ ip }) => ip);
  if (!from && !to) return everyWay;
  return (fromIp, toIp) => (from?.includes(fromIp) ?? true) && (to?.includes(toIp) ?? true);
}

/** The machines on which these nodes are now; faults of the network are faults of machines. */
function parseHosts(simulation: Simulation, names: string): readonly { readonly ip: string }[] {
  return names.split(',').map((name) => nodeCalled(simulation, name).host);
}

function optionalHosts(simulation: Simulation, words: Words, name: string) {
  const names = words.option(name);
  return names === undefined ? undefined : parseHosts(simulation, names);
}

function requireOption(words: Words, name: string): string {
  const value = words.option(name);
  if (value === undefined) throw words.error(`"${name}" is missing`);
  return value;
}

function parseTag(text: string): [string, string] {
  const [key = '', ...value] = text.split('=');
  if (key === '' || value.length === 0) throw new ScriptError(`"${text}" is no tag, such as role=web`);
  return [key, value.join('=')];
}
