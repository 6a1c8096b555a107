// Clusters with keys, with other keys, and with labels.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring } from '@reeve/memberlist';
import { at, Cluster, clusterOf } from '../kit/cluster.ts';
import type { Member } from '../kit/member.ts';
import { ping } from '../kit/messages.ts';
import { Stranger } from '../kit/stranger.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const ringOf = (...bytes: readonly number[]) => new Keyring(bytes.map(key));

/** What a member with some keys is told that joins another with others. */
function joinError(
  joiner: Keyring | undefined,
  acceptor: Keyring | undefined,
): { told: string; acceptor: Member } {
  const cluster = new Cluster();
  const seed = cluster.start({ config: { keyring: acceptor } });
  const { error } = cluster.start({ config: { keyring: joiner } }).join(seed.host.ip);
  return { told: error?.failures[0] ?? '', acceptor: seed };
}

const refusal = (reason: string) =>
  new RegExp(`^\\[ERR\\] memberlist: failed to receive: ${reason} from=10\\.0\\.0\\.2:\\d+$`);

test('[23] without a key one hears that the others are encrypted', () => {
  const { told, acceptor } = joinError(undefined, ringOf(1));
  assert.equal(told, 'Failed to join 10.0.0.1: Remote state is encrypted and encryption is not configured');
  assert.match(
    acceptor.logged('ERR')[0] ?? '',
    refusal('Encryption is configured but remote state is not encrypted'),
  );
});

test('[23] with the wrong key nothing can be decrypted', () => {
  const { told, acceptor } = joinError(ringOf(1), ringOf(2));
  assert.equal(told, 'Failed to join 10.0.0.1: No installed keys could decrypt the message');
  assert.match(acceptor.logged('ERR')[0] ?? '', refusal('No installed keys could decrypt the message'));
});

test('[23] with a key one hears that the others are not encrypted', () => {
  const { told } = joinError(ringOf(1), undefined);
  assert.equal(told, 'Failed to join 10.0.0.1: Encryption is configured but remote state is not encrypted');
});

test('everything a cluster with a key sends is encrypted', () => {
  const cluster = new Cluster({ config: { keyring: ringOf(1) } });
  const firstBytes = new Set<number | undefined>();
  cluster.world.network.onPacket(([type]) => firstBytes.add(type));
  const streams = new Set<number | undefined>();
  cluster.world.network.onStreamBytes(([type]) => streams.add(type));
  cluster.grow(4);
  at(cluster, 3).host.crash();
  cluster.world.run(20_000);
  assert.deepEqual([...firstBytes], [1]);
  assert.deepEqual([...streams], [10]);
  cluster.awaitAgreement(1, cluster.members.slice(0, 3));
});

test('[22] a key is rotated without losing anybody', () => {
  const rings = [ringOf(1), ringOf(1), ringOf(1)];
  const cluster = new Cluster();
  for (const keyring of rings) cluster.start({ config: { keyring } });
  for (const member of cluster.members.slice(1)) member.join('10.0.0.1');
  const everyFewSeconds = (change: (ring: Keyring) => void) => {
    for (const ring of rings) {
      change(ring);
      cluster.world.run(4_000);
    }
  };
  everyFewSeconds((ring) => ring.install(key(2)));
  everyFewSeconds((ring) => ring.use(key(2)));
  everyFewSeconds((ring) => ring.remove(key(1)));
  cluster.awaitAgreement(1);
  for (const member of cluster.members) {
    assert.deepEqual(member.logged('Suspect '), []);
    assert.equal(member.refused, 0);
  }
});

test('a plain packet to a member with a key is dropped with one line', () => {
  const cluster = new Cluster();
  const node = cluster.start({ config: { keyring: ringOf(1) } });
  const stranger = new Stranger(cluster.world, '10.9.9.9');
  assert.deepEqual(stranger.ask(ping('n1'), node.address), []);
  assert.deepEqual(node.logged('Decrypt'), [
    '[ERR] memberlist: Decrypt packet failed: Payload is too small to decrypt: 17 from=10.9.9.9:7946',
  ]);
  assert.equal(node.refused, 1);
});

test('encryption is rolled out member by member without a gap', () => {
  const keyring = ringOf(1);
  const phases = [
    { keyring, verifyIncoming: false, verifyOutgoing: false },
    { keyring, verifyIncoming: false, verifyOutgoing: true },
    { keyring },
  ];
  for (const [older, newer] of [
    [{}, phases[0]],
    [phases[0], phases[1]],
    [phases[1], phases[2]],
  ]) {
    const cluster = new Cluster();
    cluster.start({ config: older ?? {} });
    cluster.start({ config: newer ?? {} }).join('10.0.0.1');
    cluster.awaitAgreement(2_000);
    cluster.world.run(10_000);
    for (const member of cluster.members) assert.deepEqual(member.logged('ERR'), []);
  }
});

test('[30] clusters of different labels do not hear each other', () => {
  const cluster = new Cluster();
  const blue = cluster.start({ config: { label: 'blue' } });
  const friend = cluster.start({ config: { label: 'blue' } });
  const red = cluster.start({ config: { label: 'red' } });
  const none = cluster.start();
  assert.equal(friend.join(blue.host.ip).joined, 1);
  cluster.awaitAgreement(2_000, [blue, friend]);
  assert.equal(red.join(blue.host.ip).error?.failures[0], 'Failed to join 10.0.0.1: EOF');
  assert.equal(none.join(blue.host.ip).joined, 0);
  const unlike = (label: string, ip: string) =>
    new RegExp(
      `^\\[ERR\\] memberlist: discarding stream with unacceptable label "${label}": from=${ip}:\\d+$`,
    );
  assert.match(blue.logged('discarding')[0] ?? '', unlike('red', '10.0.0.3'));
  assert.match(blue.logged('discarding')[1] ?? '', unlike('', '10.0.0.4'));
  const stranger = new Stranger(cluster.world, '10.9.9.9');
  assert.deepEqual(stranger.ask(ping('n1'), blue.address), []);
  assert.equal(
    blue.logged('discarding packet')[0],
    '[ERR] memberlist: discarding packet with unacceptable label "": from=10.9.9.9:7946',
  );
});

test('a label, a key and compression go together', () => {
  const cluster = clusterOf(3, { config: { label: 'blue', keyring: ringOf(1) } });
  cluster.world.run(20_000);
  for (const member of cluster.members) {
    assert.equal(member.refused, 0);
    assert.deepEqual(member.logged('Suspect '), []);
  }
});

test('[17] members with and without compression understand each other', () => {
  const cluster = new Cluster();
  cluster.start({ config: { compression: false } });
  cluster.start().join('10.0.0.1');
  cluster.start({ config: { compression: false } }).join('10.0.0.2');
  cluster.awaitAgreement(2_000);
  let compressed = 0;
  cluster.world.network.onStreamBytes(([type], { host }) => {
    if (host !== '10.0.0.2' && type === 9) compressed += 1;
  });
  cluster.world.run(70_000);
  assert.equal(compressed, 0);
  for (const member of cluster.members) assert.equal(member.refused, 0);
});
