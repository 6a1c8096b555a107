// Somebody who is no member tells lies about members, some at once. A quarter of a minute after the last lie
// nobody believes anything wrong of a node that answers, everybody still lives, and events reach everybody.

import { attacks } from '../attacker/attacks.ts';
import { formatSettings } from '../script/settings.ts';
import { Chance } from './chance.ts';

/** The hostile scenario of a seed, as a script. */
export function hostile(seed: number): readonly string[] {
  const chance = new Chance(seed);
  const nodes = chance.between(3, 8);
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  const settings = formatSettings({ nodes, seed, snapshots: chance.holds(0.5) });
  const kinds = Object.keys(attacks).filter((name) => !onlyAlone.includes(name));
  const lies = Array.from({ length: chance.between(1, 6) }, () => [
    `attack ${chance.pick(kinds)} ${chance.pick(names)}`,
    `run ${chance.below(3_000)}ms`,
  ]);
  return [
    settings,
    ...names.map((name) => `event ${name} before ${name}`),
    'run 5s',
    ...lies.flat(),
    'run 1s',
    'settle 15s',
    ...names.map((name) => `event ${name} after ${name}`),
    'run 15s',
    'settle 1s',
  ];
}

/**
 * Among hundreds who do not exist the lies of others take longer to mend than a quarter of a minute. Whose
 * clock was driven far ahead sends an event from there first: those that others send at that moment are old.
 */
const onlyAlone: readonly string[] = ['invent', 'state', 'clocks'];
