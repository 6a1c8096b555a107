// Whatever a client sends, a session answers in whole objects or hangs up; it never throws.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';
import { captureNames, readRpc } from '@reeve/golden';
import { noMetrics } from '@reeve/runtime';
import { MembersBody } from '../../dist/rpc/members-body.js';
import { RpcSession } from '../../dist/rpc/session.js';
import { replyHeader } from '../../dist/rpc/wire/headers.js';
import { read, splitObjects } from '../rpc/conversation.ts';
import { FakeAgent, keyOutcome, member } from '../rpc/fake-agent.ts';

test('a session answers any bytes in whole objects, or hangs up', () => {
  let hangUps = 0;
  let replies = 0;
  const agent = new FakeAgent();
  agent.memberList = [member('ra', '127.0.7.41')];
  agent.keyOutcome = keyOutcome({});
  fuzzTarget({
    name: 'RpcSession',
    seeds: captureNames('rpc').flatMap(conversationOf),
    run(input) {
      const written: Uint8Array[] = [];
      let isClosed = false;
      const options = { agent, authKey: '', log: () => {}, metrics: noMetrics };
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
      const objects = splitObjects(concatBytes(written));
      if (objects.length > 0) read(replyHeader, objects[0]);
      replies += objects.length;
      hangUps += isClosed ? 1 : 0;
    },
    allow: () => false,
  });
  assert.equal(agent.eventListeners.size + agent.logListeners.size, 0);
  assert.ok(replies > 0 && hangUps > 0);
});

/** All that the client of a recording said, and each of its requests behind a handshake. */
function conversationOf(name: string): Uint8Array[] {
  const requests = readRpc(name.replace('rpc/', '')).map(({ request }) => request.bytes);
  const [handshake = new Uint8Array(0), ...rest] = requests;
  return rest.map((request) => concatBytes([handshake, request]));
}
