// Messages of the layer above over streams. Upstream: memberlist net.go (sendUserMsg, readUserMsg).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring, type MemberlistConfig } from '@reeve/memberlist';
import { encodeAck } from '../../dist/core/wire/messages.js';
import { at, Cluster, clusterOf } from '../kit/cluster.ts';
import { hex } from '../kit/hex.ts';
import type { Member } from '../kit/member.ts';

test('a message goes as type 8, its length and its bytes', () => {
  const { from, to } = pair({ compression: false });
  const written: string[] = [];
  from.world.network.onStreamBytes((bytes, source) => {
    if (source.host === from.host.ip) written.push(hex(bytes));
  });
  assert.equal(send(from, to, Uint8Array.of(1, 2, 3)), undefined);
  assert.deepEqual(written, [`0881aa${Buffer.from('UserMsgLen').toString('hex')}03010203`]);
  assert.deepEqual(to.userMessages, [Uint8Array.of(1, 2, 3)]);
});

test('a message of 100 kB arrives whole, compressed, encrypted and labelled', () => {
  const keyring = new Keyring([new Uint8Array(32).fill(7)]);
  const { from, to } = pair({ keyring, label: 'blue' });
  const message = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index) % 251);
  assert.equal(send(from, to, message), undefined);
  assert.deepEqual(to.userMessages, [message]);
});

test('an empty message arrives, too', () => {
  const { from, to } = pair();
  assert.equal(send(from, to, new Uint8Array(0)), undefined);
  assert.deepEqual(to.userMessages, [new Uint8Array(0)]);
});

test('what the other side cannot read comes back as its complaint', () => {
  const [known, news] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
  const cluster = new Cluster();
  const ring = new Keyring([known, news]);
  const from = cluster.start({ config: { keyring: ring } });
  const to = cluster.start({ config: { keyring: new Keyring([known]) } });
  from.join(to.host.ip);
  ring.use(news);
  assert.match(send(from, to, Uint8Array.of(1))?.message ?? '', /^remote error: No installed keys/);
});

test('a node that is gone, or that nothing reaches, is an error', () => {
  const { from, to } = pair();
  const heal = from.world.network.partition(to.host);
  assert.match(send(from, to, Uint8Array.of(1))?.message ?? '', /i\/o timeout$/);
  heal();
  to.list.shutdown();
  assert.match(send(from, to, Uint8Array.of(1))?.message ?? '', /connection refused$/);
});

test('an answer is no good end, and neither is silence', () => {
  const { from, to } = pair();
  const answers = [encodeAck(1, null), undefined];
  const listen = to.host.runtime.network.listen.bind(to.host.runtime.network);
  listen(
    { host: to.host.ip, port: 99 },
    (stream) => {
      const answer = answers.shift();
      if (answer) stream.write(answer);
      return { onData() {}, onEnd() {}, onClosed() {} };
    },
    () => {},
  );
  from.world.run(1);
  const odd = { ...to.address, port: 99 };
  assert.equal(sendTo(from, odd)?.message, 'Unexpected msgType (2) after a user message');
  assert.equal(sendTo(from, odd)?.message, 'read tcp 10.0.0.2:99: i/o timeout');
});

test('so many go at once and no more, and the next when one of them has gone', () => {
  const { from, to } = pair();
  const { userStreamsMax } = from.config.limits;
  const outcomes: string[] = [];
  for (let count = 0; count <= userStreamsMax; count++) {
    from.list.sendReliably(to.address, Uint8Array.of(count), (error) =>
      outcomes.push(error?.message ?? 'sent'),
    );
  }
  assert.equal(outcomes.length, 0, 'nothing is told from inside the call');
  assert.ok(from.world.runUntil(() => outcomes.length > userStreamsMax, 1_000));
  assert.ok(outcomes.includes('too many user messages are being sent'));
  assert.equal(to.userMessages.length, userStreamsMax);
  assert.equal(send(from, to, Uint8Array.of(255)), undefined);
});

test('whoever waits when the node stops is told so, once', () => {
  const { from, to } = pair();
  const outcomes: string[] = [];
  from.list.sendReliably(to.address, Uint8Array.of(1), (error) => outcomes.push(error?.message ?? 'sent'));
  from.list.shutdown();
  assert.equal(outcomes.length, 1);
  from.list.sendReliably(to.address, Uint8Array.of(1), (error) => outcomes.push(error?.message ?? 'sent'));
  from.world.run(60_000);
  assert.deepEqual(outcomes, ['the node is not running', 'the node is not running']);
});

test('a message that no stream may carry is refused to the caller', () => {
  const { from, to } = pair();
  const bytes = from.config.limits.streamBytesMax + 1;
  assert.throws(() => from.list.sendReliably(to.address, new Uint8Array(bytes)), RangeError);
});

test('a broadcast of userBroadcastBytesMax is the longest that gossip is asked for', () => {
  for (const label of ['', 'blue']) {
    const limits: number[] = [];
    const takeBroadcasts = (overheadBytes: number, limitBytes: number): [] => {
      limits.push(limitBytes - overheadBytes);
      return [];
    };
    const cluster = clusterOf(2, { config: { label }, delegate: { takeBroadcasts } });
    cluster.world.run(2_000);
    assert.equal(Math.max(...limits), at(cluster, 0).list.userBroadcastBytesMax);
  }
});

function pair(config: Partial<MemberlistConfig> = {}): { from: Member; to: Member } {
  const cluster = clusterOf(2, { config });
  return { from: at(cluster, 0), to: at(cluster, 1) };
}

function send(from: Member, to: Member, message: Uint8Array): Error | undefined {
  return sendTo(from, to.address, message);
}

function sendTo(
  from: Member,
  to: Member['address'],
  message: Uint8Array = Uint8Array.of(1),
): Error | undefined {
  let outcome: { error: Error | undefined } | undefined;
  from.list.sendReliably(to, message, (error) => {
    outcome = { error };
  });
  assert.ok(from.world.runUntil(() => outcome !== undefined, 30_000));
  return outcome?.error;
}
