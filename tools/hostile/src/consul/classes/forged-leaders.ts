// Somebody who says that he leads, in a term that nobody has been in. Raft has no proof of who speaks, ours
// as little as the original's: a server that hears of a later term steps down. It must not believe more than
// that, and must lead again soon. What is a valid message of a leader, with valid entries, would be obeyed:
// nothing but the network can keep those out.

import { stream } from '../../hostile-class.ts';
import { noise } from '../../wire/messages.ts';
import { type ConsulClass, pause } from '../consul-class.ts';
import {
  appendFields,
  connectionBytes,
  installFields,
  raftQuestion,
  raftTypes,
} from '../wire/server-port.ts';

/** Leaders and candidates of later terms, and a state that is none. */
export const forgedLeaders: ConsulClass = {
  name: 'forged-leaders',
  title: 'raft: forged heartbeats and votes of later terms, and snapshots that are no state',
  *inputs({ isBrief }) {
    const terms = [...(isBrief ? [50] : [50, 60, 70, 80]), 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
    for (const term of terms) {
      const questions = [
        raftQuestion(raftTypes.append, appendFields({ Term: term })),
        raftQuestion(raftTypes.append, appendFields({ Term: term, PrevLogEntry: 2 ** 40, PrevLogTerm: 3 })),
        raftQuestion(raftTypes.vote, {
          ...{ Term: term, Candidate: Buffer.from('127.255.255.254:8300') },
          ...{ LastLogIndex: 2 ** 40, LastLogTerm: 1, LeadershipTransfer: true },
        }),
        raftQuestion(raftTypes.timeoutNow, {}),
      ];
      yield stream('server', [Buffer.concat([Buffer.of(connectionBytes.raft), ...questions])]);
    }
    yield pause(1_000);
    for (const bytes of [0, 1, 5_000, 1_000_000]) {
      const fields = installFields(bytes, { Term: 100, LastLogIndex: 2 ** 30, LastLogTerm: 100 });
      const question = raftQuestion(raftTypes.snapshot, fields);
      yield stream('server', [Buffer.of(connectionBytes.raft), question, noise(bytes, 1)]);
      yield pause(200);
    }
  },
};
