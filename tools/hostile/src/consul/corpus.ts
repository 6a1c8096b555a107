// All classes there are for servers of Consul. Next: trial.ts.

import { archives } from './classes/archives.ts';
import { dnsMessages } from './classes/dns-messages.ts';
import { firstBytes } from './classes/first-bytes.ts';
import { forgedLeaders } from './classes/forged-leaders.ts';
import { gossipTags } from './classes/gossip-tags.ts';
import { httpBodies } from './classes/http-bodies.ts';
import { httpHeads } from './classes/http-heads.ts';
import { keys } from './classes/keys.ts';
import { multipliedAnswers } from './classes/multiplied-answers.ts';
import { raftMessages } from './classes/raft-messages.ts';
import { rpcBodies } from './classes/rpc-bodies.ts';
import { slowConnections } from './classes/slow-connections.ts';
import { unreadAnswers } from './classes/unread-answers.ts';
import { yamuxFrames } from './classes/yamux-frames.ts';
import type { ConsulClass } from './consul-class.ts';

/** All classes of hostile input at a server. */
export const consulCorpus: readonly ConsulClass[] = [
  firstBytes,
  yamuxFrames,
  rpcBodies,
  unreadAnswers,
  multipliedAnswers,
  raftMessages,
  httpHeads,
  httpBodies,
  keys,
  archives,
  dnsMessages,
  slowConnections,
  gossipTags,
  forgedLeaders,
];
