// Whatever a client sends, a session answers in whole objects or hangs up; it never throws, and leaves
// nothing behind in the agent.

import assert from 'node:assert/strict';
import { concatBytes } from '@reeve/bytes';
import { type FuzzTarget, Refused, type Subject } from '@reeve/fuzz';
import { captureNames, readRpc } from '@reeve/golden';
import { noMetrics } from '@reeve/runtime';
import { MembersBody } from '../../dist/rpc/members-body.js';
import { RpcSession } from '../../dist/rpc/session.js';
import { replyHeader } from '../../dist/rpc/wire/headers.js';
import { read, splitObjects } from '../rpc/conversation.ts';
import { FakeAgent, keyOutcome, member } from '../rpc/fake-agent.ts';

export const rpcSessionTargets: readonly FuzzTarget[] = [
  target('an RPC session', ''),
  target('an RPC session with a key', 's3cret'),
];

function target(name: string, authKey: string): FuzzTarget {
  return {
    name,
    promise: `${name} answers any bytes in whole objects, or hangs up`,
    seeds: captureNames('rpc').flatMap(conversationOf),
    open: () => openAgent(authKey),
  };
}

function openAgent(authKey: string): Subject {
  const agent = new FakeAgent();
  agent.memberList = [member('ra', '127.0.7.41')];
  agent.keyOutcome = keyOutcome({});
  return {
    run: (input) => {
      const written: Uint8Array[] = [];
      let isClosed = false;
      const options = { agent, authKey, log: () => {}, metrics: noMetrics };
      const connection = {
        clientName: '127.0.0.1:5000',
        unsentBytes: 0,
        write: (bytes: Uint8Array) => written.push(bytes),
        setReading() {},
        end() {
          isClosed = true;
        },
      };
      const session = new RpcSession(options, connection, new MembersBody());
      const half = input.length >> 1;
      session.onData(input.subarray(0, half));
      session.onData(input.subarray(half));
      session.onEnd();
      session.onClosed();
      agent.calls.length = 0;
      agent.queries.length = 0;
      const [first] = splitObjects(concatBytes(written));
      if (first !== undefined) read(replyHeader, first);
      if (isClosed) throw new Refused();
    },
    close: () => assert.equal(agent.eventListeners.size + agent.logListeners.size, 0),
  };
}

/** All that the client of a recording said, and each of its requests behind a handshake. */
function conversationOf(name: string): Uint8Array[] {
  const requests = readRpc(name.replace('rpc/', '')).map(({ request }) => request.bytes);
  const [handshake = new Uint8Array(0), ...rest] = requests;
  return [concatBytes(requests), ...rest.map((request) => concatBytes([handshake, request]))];
}
