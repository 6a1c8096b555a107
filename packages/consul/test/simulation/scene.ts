// What the events of a storm act on.

import type { Cluster } from '../kit/cluster.js';
import type { Crew } from './crew.ts';
import type { Diary } from './diary.ts';
import type { Lateness } from './lateness.ts';

/** A storm, as its events see it. */
export interface Scene {
  readonly cluster: Cluster;
  readonly crew: Crew;
  readonly diary: Diary;
  readonly lateness: Lateness;
}

/** Something that happens to servers. What takes its time goes on while other things happen. */
export type StormEvent = (scene: Scene) => void | Promise<void>;
