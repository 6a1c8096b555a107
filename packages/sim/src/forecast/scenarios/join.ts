// One node joins through a member.

import { type News, spreadOf } from '../spread.ts';
import type { Stage } from '../stage.ts';
import type { Scenario } from './scenario.ts';

/** A newcomer whom everybody should meet. */
export const join: Scenario = { newcomers: 1, usualMs: 60_000, begin };

function begin(stage: Stage) {
  const { simulation, members } = stage;
  const [newcomer] = stage.newcomers;
  if (!newcomer) throw new RangeError('there is nobody to join');
  const contact = stage.anyMember();
  newcomer.start();
  const startMs = simulation.now + startedMs;
  simulation.at(startMs, () => newcomer.join([contact.host.ip]));
  const met: News = { startMs, audience: members.length, heardAtMs: [] };
  const learnt: News = { startMs, audience: members.length, heardAtMs: [] };
  stage.listen((viewer, told) => {
    if (told.kind !== 'member-join') return;
    for (const { name } of told.members) {
      if (viewer === newcomer && name !== newcomer.name) learnt.heardAtMs.push(simulation.now);
      else if (viewer !== newcomer && name === newcomer.name) met.heardAtMs.push(simulation.now);
    }
  });
  return () => [
    spreadOf('members know the newcomer', [met], { gossip: stage.gossip() }),
    spreadOf('the newcomer knows members', [learnt]),
  ];
}

/** A process opens its sockets before it joins. */
const startedMs = 10;
