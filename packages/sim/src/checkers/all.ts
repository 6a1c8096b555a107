// All properties that every run is held to.

import { believesInItself } from './believes-in-itself.ts';
import { callsEnd } from './calls-end.ts';
import type { Checker } from './checker.ts';
import { clocksRise } from './clocks-rise.ts';
import { eventsOnce } from './events-once.ts';
import { everyoneAgrees } from './everyone-agrees.ts';
import { everythingBounded } from './everything-bounded.ts';
import { incarnationsRise } from './incarnations-rise.ts';
import { layersAgree } from './layers-agree.ts';
import { membersComeAndGo } from './members-come-and-go.ts';
import { noResurrection } from './no-resurrection.ts';
import { peaceLasts } from './peace-lasts.ts';
import { queriesOnce } from './queries-once.ts';
import { retriesEnd } from './retries-end.ts';
import { scriptsAlone } from './scripts-alone.ts';
import { scriptsInOrder } from './scripts-in-order.ts';
import { scriptsMissNothing } from './scripts-miss-nothing.ts';
import { scriptsSeeTurns } from './scripts-see-turns.ts';
import { suspectsWereAlive } from './suspects-were-alive.ts';
import { tagsSurvive } from './tags-survive.ts';

/** One of each, for a run with so many nodes. */
export function allCheckers(nodes: number): readonly Checker[] {
  return [
    believesInItself(),
    callsEnd(),
    clocksRise(),
    eventsOnce(),
    everyoneAgrees(),
    everythingBounded(nodes),
    incarnationsRise(),
    layersAgree(),
    membersComeAndGo(),
    noResurrection(),
    peaceLasts(),
    queriesOnce(),
    retriesEnd(),
    scriptsAlone(),
    scriptsInOrder(),
    scriptsMissNothing(),
    scriptsSeeTurns(),
    suspectsWereAlive(),
    tagsSurvive(),
  ];
}
