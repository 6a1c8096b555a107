// Events and queries that no packet can carry. The original leaves the events to push/pull, so that is turned
// off wherever time is measured here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile, Memberlist, type MemberlistDelegate, silentDelegate } from '@reeve/memberlist';
import type { QueryEvent, SerfConfig } from '@reeve/serf/core';
import { sendUserEvent } from '../dist/core/user-event.js';
import { encodeJoinIntent } from '../dist/core/wire/intents.js';
import { encodeTags } from '../dist/core/wire/tags.js';
import { decodeUserEvent, encodeUserEvent } from '../dist/core/wire/user-event.js';
import { bytesOf } from './support/bytes.js';
import { Cluster, type Node } from './support/cluster.js';
import { createRig, nodeCalled } from './support/rig.js';

const large = { userEventSizeLimitBytes: 9_216, querySizeLimitBytes: 4_096 };

for (const seed of [1, 2, 3]) {
  test(`9 kB reach ten members within seconds, once, though half pass nothing on: seed ${seed}`, () => {
    const { cluster, ours, silent } = startHalfSilent(seed);
    loseSomePackets(cluster, seed, 0.05);
    const payload = Uint8Array.from({ length: 9_000 }, (_, index) => index % 251);
    ours[2].serf.userEvent('deploy', payload, false);
    const arrived = (): boolean =>
      ours.every((node) => eventsOf(node).length > 0) && silent.every(({ heard }) => heard.length > 0);
    cluster.until(arrived, 5_000);
    cluster.run(30_000);
    for (const node of ours) assert.deepEqual(eventsOf(node), [payload]);
    for (const { heard } of silent) {
      for (const message of heard) assert.deepEqual(decodeUserEvent(message).payload, payload);
    }
  });
}

test('an event is carried on by who hears it: one stream is enough to reach everybody', () => {
  const { cluster, ours, silent } = startHalfSilent(4);
  const [first, second] = ours;
  const payload = new Uint8Array(3_000);
  const message = encodeUserEvent({ lTime: 9, name: 'deploy', payload, canCoalesce: false });
  const teller = silent[0].list;
  teller.sendReliably({ host: first.host.ip, port: 7946 }, message);
  cluster.until(() => ours.every((node) => eventsOf(node).length === 1), 5_000);
  assert.equal(eventsOf(second).length, 1);
});

test('a query of 3 kB reaches everybody, and everybody answers once', () => {
  const cluster = new Cluster();
  const nodes = ['a', 'b', 'c', 'd'].map((name) => startPatient(cluster, name));
  const [a] = nodes as [Node, ...Node[]];
  for (const node of nodes.slice(1)) cluster.join(node, a);
  cluster.until(() => nodes.every(({ serf }) => serf.members().length === nodes.length));
  const answers: string[] = [];
  let isDone = false;
  a.serf.query(
    'load',
    new Uint8Array(3_000),
    {},
    {
      onAck() {},
      onResponse: (from) => answers.push(from),
      onDone: () => {
        isDone = true;
      },
    },
  );
  cluster.until(() => nodes.every(({ events }) => events.some(({ kind }) => kind === 'query')), 3_000);
  for (const { events } of nodes) {
    for (const event of events) if (event.kind === 'query') (event as QueryEvent).respond(bytesOf('1'));
  }
  cluster.until(() => isDone);
  assert.deepEqual(answers.sort(), ['a', 'b', 'c', 'd']);
});

test('what fits a packet goes by gossip, one byte more over streams', () => {
  const { machine, gossip } = createRig(large);
  for (const [bytes, queued, spreading] of [
    [gossip.userBroadcastBytesMax, 1, 0],
    [gossip.userBroadcastBytesMax + 1, 1, 1],
  ] as const) {
    const empty = encodeUserEvent({ lTime: 1, name: 'e', payload: new Uint8Array(300), canCoalesce: false });
    sendUserEvent(machine, 'e', new Uint8Array(bytes - empty.length + 300), false);
    assert.deepEqual([machine.queues.events.size, machine.largeMessages.size], [queued, spreading]);
  }
});

test('members are told in a random order, three each gossip interval, nobody twice', () => {
  const { world, machine, gossip, join } = createRig(large);
  for (const name of names(30)) join(nodeCalled(name, `10.0.1.${name.slice(1)}`));
  machine.largeMessages.add(new Uint8Array(5_000));
  assert.equal(gossip.sentReliably.length, 0);
  for (const count of [3, 6, 9]) {
    world.run(200);
    assert.equal(gossip.sentReliably.length, count);
  }
  const hosts: string[] = [];
  for (let round = 0; round < 40; round++) {
    for (const { to, done } of gossip.sentReliably.splice(0)) {
      hosts.push(to.host);
      done();
    }
    world.run(200);
  }
  const sends = 4 * 2 * 3; // retransmitMult × ceil(log10(31 + 1)) × gossipNodes
  assert.equal(hosts.length, sends);
  assert.equal(new Set(hosts).size, sends);
  assert.equal(machine.largeMessages.size, 0);
  assert.notDeepEqual(hosts, hosts.toSorted());
});

test('who could not be reached is tried again behind the others, a limited number of times', () => {
  const { world, machine, gossip, join } = createRig(large);
  join(nodeCalled('dead', '10.0.1.1'));
  join(nodeCalled('well', '10.0.1.2'));
  machine.largeMessages.add(new Uint8Array(5_000));
  const tried: string[] = [];
  for (let round = 0; round < 60; round++) {
    world.run(200);
    for (const { to, done } of gossip.sentReliably.splice(0)) {
      tried.push(to.host);
      done(to.host === '10.0.1.1' ? new Error('connection refused') : undefined);
    }
  }
  const triesMax = 2 * 4 * 1 * 3;
  assert.equal(tried.length, triesMax);
  assert.equal(tried.filter((host) => host === '10.0.1.2').length, 1);
  assert.equal(machine.largeMessages.size, 0);
});

test('who has gone by the time it is his turn is passed over', () => {
  const { world, machine, gossip, join } = createRig(large);
  join(nodeCalled('a', '10.0.1.1'));
  join(nodeCalled('b', '10.0.1.2'));
  machine.largeMessages.add(new Uint8Array(5_000));
  gossip.nodes.splice(1, 1);
  world.run(2_000);
  assert.deepEqual(
    gossip.sentReliably.map(({ to }) => to.host),
    ['10.0.1.2'],
  );
});

test('a member that swallows connections holds four streams, all members together thirty-two', () => {
  const alone = createRig(large);
  alone.join(nodeCalled('hole', '10.0.1.1'));
  for (let count = 0; count < 20; count++) alone.machine.largeMessages.add(new Uint8Array(5_000));
  alone.world.run(5_000);
  assert.equal(alone.gossip.sentReliably.length, 4);

  const many = createRig(large);
  for (const name of names(60)) many.join(nodeCalled(name, `10.0.1.${name.slice(1)}`));
  for (let count = 0; count < 20; count++) many.machine.largeMessages.add(new Uint8Array(5_000));
  many.world.run(5_000);
  assert.equal(many.gossip.sentReliably.length, 32);
  for (const { done } of many.gossip.sentReliably.splice(0, 8)) done();
  many.world.run(200);
  assert.equal(many.gossip.sentReliably.length, 32);
});

test('too many messages, or too many bytes, cost the oldest', () => {
  const { machine, gossip, world, join } = createRig(large);
  join(nodeCalled('a', '10.0.1.1'));
  const { largeMessagesMax, largeMessagesBytesMax } = machine.config.limits;
  for (let count = 0; count <= largeMessagesMax; count++)
    machine.largeMessages.add(Uint8Array.of(count >> 8));
  assert.equal(machine.largeMessages.size, largeMessagesMax);
  const half = largeMessagesBytesMax / 2;
  machine.largeMessages.add(new Uint8Array(half));
  machine.largeMessages.add(new Uint8Array(half));
  assert.equal(machine.largeMessages.size, 2);
  world.run(200);
  assert.deepEqual(
    gossip.sentReliably.map(({ message }) => message.length),
    [half, half],
  );
});

test('an intent that fits no packet is believed, and passed on by nobody', () => {
  const { delegate, machine } = createRig();
  const intent = encodeJoinIntent({ lTime: 9, node: 'web1' });
  const padding = [0xa1, 0x58, 0xda, 0x08, 0x00, ...new Array(2_048).fill(120)]; // "X": 2048 × "x"
  const padded = Uint8Array.from([intent[0] as number, 0x83, ...intent.subarray(2), ...padding]);
  delegate.onUserMessage(padded, { host: '10.6.6.6', port: 666 });
  assert.equal(machine.clocks.member.time, 10);
  assert.deepEqual([machine.queues.intents.size, machine.largeMessages.size], [0, 0]);
});

test('nothing is sent after the end', () => {
  const cluster = new Cluster();
  const [a, b] = [startPatient(cluster, 'a'), startPatient(cluster, 'b')];
  cluster.join(b, a);
  a.serf.userEvent('deploy', new Uint8Array(5_000), false);
  a.serf.shutdown();
  cluster.run(10_000);
  assert.deepEqual(eventsOf(b), []);
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index + 1}`);
}

/** A node that takes part in no push/pull of its own accord. */
function startPatient(cluster: Cluster, name: string): Node {
  return cluster.start(name, { ...large, memberlist: patientProfile(cluster, name) });
}

function patientProfile(cluster: Cluster, name: string): SerfConfig['memberlist'] {
  const bind = { host: cluster.world.host(name).ip, port: 7946 };
  return { ...lanProfile(name), bind, pushPullIntervalMs: 0 };
}

/** Five of ours, and five that take user messages and keep them to themselves; all know each other. */
function startHalfSilent(seed: number) {
  const cluster = new Cluster(seed);
  const ours = ['a', 'b', 'c', 'd', 'e'].map((name) => startPatient(cluster, name));
  const [seedNode] = ours as [Node];
  for (const node of ours.slice(1)) cluster.join(node, seedNode);
  const silent = ['v', 'w', 'x', 'y', 'z'].map((name) => startSilent(cluster, name, seedNode));
  cluster.until(() => ours.every(({ serf }) => serf.members().length === 10));
  cluster.until(() => silent.every(({ list }) => list.members.length === 10));
  return {
    cluster,
    ours: ours as [Node, Node, Node, Node, Node],
    silent: silent as [SilentNode, ...SilentNode[]],
  };
}

interface SilentNode {
  readonly list: Memberlist;
  /** User events. */
  readonly heard: Uint8Array[];
}

function startSilent(cluster: Cluster, name: string, seedNode: Node): SilentNode {
  const heard: Uint8Array[] = [];
  const delegate: MemberlistDelegate = {
    ...silentDelegate,
    nodeMeta: () => encodeTags(new Map(), 5),
    onUserMessage: (message) => {
      if (message[0] === 3) heard.push(message);
    },
  };
  const delegateVersions = { min: 2, max: 5, current: 5 };
  const config = { ...patientProfile(cluster, name), delegateVersions };
  const list = new Memberlist(config, cluster.world.host(name).runtime, delegate);
  let joined = 0;
  list.start(() => list.join([seedNode.host.ip], (outcome) => (joined = outcome.joined)));
  cluster.until(() => joined === 1);
  return { list, heard };
}

function loseSomePackets(cluster: Cluster, seed: number, share: number): void {
  let state = seed;
  cluster.world.network.dropPackets(() => {
    state = (state * 48_271) % 2_147_483_647;
    return state < share * 2_147_483_647;
  });
}

/** The payloads of the user events a node was told. */
function eventsOf(node: Node): readonly Uint8Array[] {
  return node.events.flatMap((event) => (event.kind === 'user' ? [event.payload] : []));
}
