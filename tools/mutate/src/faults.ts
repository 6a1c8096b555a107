// The list: mistakes that would be easy to make and hard to see in a running cluster, by what they are about.

import type { Fault } from './fault.ts';
import { accusationFaults } from './faults/accusations.ts';
import { agentFaults } from './faults/agent.ts';
import { boundsFaults } from './faults/bounds.ts';
import { consulAnswersFaults } from './faults/consul-answers.ts';
import { consulEntriesFaults } from './faults/consul-entries.ts';
import { consulServerFaults } from './faults/consul-server.ts';
import { consulStateFaults } from './faults/consul-state.ts';
import { consulUpkeepFaults } from './faults/consul-upkeep.ts';
import { eventFaults } from './faults/events.ts';
import { gossipFaults } from './faults/gossip.ts';
import { intentFaults } from './faults/intents.ts';
import { livenessFaults } from './faults/liveness.ts';
import { memoryFaults } from './faults/memory.ts';
import { probeFaults } from './faults/probes.ts';
import { queryFaults } from './faults/queries.ts';
import { raftFaults } from './faults/raft.ts';
import { raftServersFaults } from './faults/raft-servers.ts';
import { wireFaults } from './faults/wire.ts';

/** All seeded faults. */
export const faults: readonly Fault[] = [
  ...probeFaults,
  ...accusationFaults,
  ...livenessFaults,
  ...gossipFaults,
  ...wireFaults,
  ...intentFaults,
  ...eventFaults,
  ...queryFaults,
  ...memoryFaults,
  ...agentFaults,
  ...consulStateFaults,
  ...consulServerFaults,
  ...boundsFaults,
  ...consulEntriesFaults,
  ...raftFaults,
  ...raftServersFaults,
  ...consulUpkeepFaults,
  ...consulAnswersFaults,
];
