// All classes there are. Those that forge goodbyes come late: they leave the deepest traces.
// Next: attack.ts, which sends them.

import { addresses } from './classes/addresses.ts';
import { bombs } from './classes/bombs.ts';
import { costlyQuestions } from './classes/costly-questions.ts';
import { emptyFields } from './classes/empty-fields.ts';
import { falseLengths } from './classes/false-lengths.ts';
import { forgedDeaths } from './classes/forged-deaths.ts';
import { forgedLeaves } from './classes/forged-leaves.ts';
import { forgedLives } from './classes/forged-lives.ts';
import { forgedSuspicions } from './classes/forged-suspicions.ts';
import { halfDeafNode } from './classes/half-deaf-node.ts';
import { incarnations } from './classes/incarnations.ts';
import { inventedMembers } from './classes/invented-members.ts';
import { lamportTimes } from './classes/lamport-times.ts';
import { longLists } from './classes/long-lists.ts';
import { nesting } from './classes/nesting.ts';
import { randomBytes } from './classes/random-bytes.ts';
import { replay } from './classes/replay.ts';
import { rpcGarbage } from './classes/rpc-garbage.ts';
import { sealedNonsense } from './classes/sealed-nonsense.ts';
import { slowStreams } from './classes/slow-streams.ts';
import { stolenNames } from './classes/stolen-names.ts';
import { truncation } from './classes/truncation.ts';
import { versionVectors } from './classes/version-vectors.ts';
import type { HostileClass } from './hostile-class.ts';

/** All classes of hostile input. */
export const corpus: readonly HostileClass[] = [
  randomBytes,
  truncation,
  falseLengths,
  nesting,
  bombs,
  emptyFields,
  sealedNonsense,
  addresses,
  costlyQuestions,
  slowStreams,
  rpcGarbage,
  replay,
  forgedSuspicions,
  forgedDeaths,
  forgedLives,
  incarnations,
  lamportTimes,
  halfDeafNode,
  longLists,
  versionVectors,
  forgedLeaves,
  stolenNames,
  inventedMembers,
];
