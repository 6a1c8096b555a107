// Start, new meta, goodbye and shutdown of one node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanProfile, Memberlist } from '@reeve/memberlist';
import { type Network, NetworkError, type Runtime } from '@reeve/runtime';
import { type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { encodePushPull } from '../../dist/core/wire/stream-message.js';
import { at, Cluster, clusterOf } from '../kit/cluster.ts';
import { Member } from '../kit/member.ts';
import { alive, alivesIn, deadsIn, ping, pushPullNode } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';
import { Stranger } from '../kit/stranger.ts';

function startError(member: Member): string | undefined {
  let outcome: { error: Error | undefined } | undefined;
  member.list.start((error) => {
    outcome = { error };
  });
  assert.ok(member.world.runUntil(() => outcome !== undefined, 1_000));
  return outcome?.error?.message;
}

function member(
  ip: string,
  config: Member['config'] | object = {},
  world = new VirtualWorld({ seed: 1 }),
): Member {
  return new Member(world, world.host(ip), 'n1', { config });
}

test('a node announces itself with incarnation 1 and is its own first member', () => {
  const { node } = new Scene();
  assert.deepEqual(node.events, ['join n1']);
  const { name, host, port, incarnation, state } = node.list.localNode;
  assert.deepEqual(
    { name, host, port, incarnation, state },
    { name: 'n1', host: '10.0.0.1', port: 7946, incarnation: 1, state: 'alive' },
  );
});

test('bound to all addresses, a node advertises the private one of its machine', () => {
  const bound = member('10.1.2.3', { bind: { host: '0.0.0.0', port: 7946 } }).start();
  assert.equal(bound.list.localNode.host, '10.1.2.3');
  const publicMachine = member('198.18.0.1', { bind: { host: '0.0.0.0', port: 7946 } });
  const elsewhere = member('8.8.8.8', { bind: { host: '0.0.0.0', port: 7946 } });
  assert.equal(
    startError(elsewhere),
    'Failed to get final advertise address: No private IP address found, and explicit IP not provided',
  );
  assert.ok(publicMachine);
});

test('an advertised address is taken as it is, its port 0 as the bound one', () => {
  const advertising = member('10.1.2.3', { advertise: { host: '192.0.2.1', port: 0 } }).start();
  assert.equal(advertising.list.localNode.host, '192.0.2.1');
  assert.equal(advertising.list.localNode.port, 7946);
  const misspelt = member('10.1.2.3', { advertise: { host: 'web', port: 1 } });
  assert.equal(
    startError(misspelt),
    'Failed to get final advertise address: Failed to parse advertise address "web"',
  );
});

test('port 0 binds packets and streams to one port', () => {
  const chosen = member('10.1.2.3', { bind: { host: '10.1.2.3', port: 0 } }).start();
  const { port } = chosen.list.localNode;
  assert.ok(port > 1_023);
  const stranger = new Stranger(chosen.world, '10.9.9.9');
  assert.equal(stranger.ask(ping('n1'), { host: '10.1.2.3', port }).length, 1);
  assert.ok(stranger.askStream(ping('n1'), { host: '10.1.2.3', port }).length > 0);
});

test("an address in use is an error in the original's words", () => {
  const first = member('10.1.2.3').start();
  const second = member('10.1.2.3', {}, first.world);
  assert.equal(
    startError(second),
    'Could not set up network transport: failed to obtain an address: Failed to start TCP listener on ' +
      '"10.1.2.3" port 7946: listen tcp 10.1.2.3:7946: bind: address already in use',
  );
});

test('what cannot be received or accepted is told, at most once a second', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { network } = world.host('10.0.0.1').runtime;
  const failures: ((error: NetworkError) => void)[] = [];
  const failing: Network = {
    ...network,
    bindPackets: (at, onPacket, done, onFailure) => {
      if (onFailure) failures.push(onFailure);
      network.bindPackets(at, onPacket, done);
    },
    listen: (at, accept, done, onFailure) => {
      if (onFailure) failures.push(onFailure);
      network.listen(at, accept, done);
    },
  };
  const node = new Member(world, hostWith(world, '10.0.0.1', { network: failing }), 'n1').start();
  const [accepting, receiving] = failures;
  for (const fail of [accepting, receiving]) {
    for (let times = 0; times < 3; times++)
      fail?.(new NetworkError('ENFILE', 'too many open files in system'));
    world.run(1_000);
  }
  assert.deepEqual(node.logged('ERR'), [
    '[ERR] memberlist: Error accepting TCP connection: too many open files in system',
    '[ERR] memberlist: Error reading UDP packet: too many open files in system',
  ]);
});

test('a public address without encryption is worth a warning', () => {
  const warning = '[WARN] memberlist: Binding to public address without encryption!';
  for (const host of ['8.8.8.8', '2a00::1']) {
    assert.deepEqual(member(host).start().logged('WARN'), [warning], host);
  }
  for (const host of ['10.1.2.3', '127.0.0.1', '192.88.99.1', 'fd00::1', '2001:4860::1']) {
    assert.deepEqual(member(host).start().logged('WARN'), [], host);
  }
});

test('a name, a label or a protocol version that cannot be is refused at once', () => {
  const { runtime } = new VirtualWorld({ seed: 1 }).host('10.0.0.1');
  const { list: _, ...rest } = new Scene().node;
  const create = (config: object) => () =>
    new Memberlist({ ...lanProfile('a'), ...config }, runtime, rest as never);
  assert.throws(create({ name: '' }), /^RangeError: Node name is 0 bytes long/);
  assert.throws(create({ name: 'é'.repeat(257) }), /^RangeError: Node name is 514 bytes long/);
  assert.throws(create({ label: 'x'.repeat(256) }), /too long/);
  assert.throws(create({ protocolVersion: 0 }), /Protocol version '0' too low. Must be in range: \[1, 5\]/);
  assert.throws(create({ protocolVersion: 6 }), /Protocol version '6' too high. Must be in range: \[1, 5\]/);
});

test('too much meta is refused at the start and by an update', () => {
  const tooMuch = member('10.1.2.3');
  tooMuch.meta = new Uint8Array(513);
  assert.equal(startError(tooMuch), 'Node meta data provided is longer than the limit');
  const { node } = new Scene();
  node.meta = new Uint8Array(513);
  assert.equal(updateError(node), 'Node meta data provided is longer than the limit');
  assert.equal(node.list.localNode.incarnation, 1);
});

function updateError(node: Member, timeoutMs = 5_000): string | undefined {
  const outcomes: (Error | undefined)[] = [];
  node.list.updateNode(timeoutMs, (error) => outcomes.push(error));
  assert.equal(outcomes.length, 0, 'not before the call returns');
  assert.ok(node.world.runUntil(() => outcomes.length > 0, timeoutMs + 10));
  return outcomes[0]?.message;
}

test('new meta reaches everybody under a higher incarnation', () => {
  const cluster = clusterOf(3);
  const [first, second] = [at(cluster, 0), at(cluster, 1)];
  first.meta = Uint8Array.of(1, 2);
  assert.equal(updateError(first), undefined);
  assert.deepEqual(second.view('n1')?.meta, Uint8Array.of(1, 2));
  assert.equal(second.view('n1')?.incarnation, 2);
  assert.ok(second.events.includes('update n1'));
  assert.ok(first.events.includes('update n1'));
});

test('an update alone is over at once, one that nobody takes ends with its timeout', () => {
  const cluster = new Cluster();
  const alone = cluster.start();
  assert.equal(updateError(alone), undefined);
  const pair = clusterOf(2, { config: { gossipIntervalMs: 60_000, probeIntervalMs: 60_000 } });
  assert.equal(updateError(at(pair, 0), 700), 'timeout waiting for update broadcast');
});

test('who leaves is seen as left, not as failed, and still answers', () => {
  const cluster = clusterOf(3);
  const [first, second, third] = [at(cluster, 0), at(cluster, 1), at(cluster, 2)];
  assert.equal(third.leave(), undefined);
  cluster.awaitAgreement(1_000, [first, second]);
  assert.deepEqual(
    [first, second].map((observer) => observer.view('n3')?.state),
    ['left', 'left'],
  );
  assert.equal(third.events.at(-1), 'leave n3');
  const stranger = new Stranger(cluster.world, '10.9.9.9');
  assert.equal(stranger.ask(ping('n3'), third.address).length, 1);
  assert.equal(third.leave(), undefined, 'leaving twice is no error');
});

test('the goodbye is sent as often as any broadcast, and then the wait is over', () => {
  const scene = new Scene({ config: { probeIntervalMs: 60_000 } });
  scene.introduce('s');
  scene.stranger.hearOut(scene.node);
  scene.stranger.packets.length = 0;
  scene.node.leave();
  scene.world.run(2); // the last one is under way
  assert.deepEqual(
    deadsIn(scene.stranger.packets),
    Array(4).fill({ node: 'n1', incarnation: 1, from: 'n1' }),
  );
});

test('who has said goodbye does not come back because others say that it is alive', () => {
  const scene = new Scene();
  scene.introduce('s');
  scene.node.leave();
  scene.listen(1_000);
  scene.tell(alive('n1', 9, { address: addressBytes('10.0.0.1') }));
  assert.equal(scene.node.list.localNode.state, 'left');
  assert.deepEqual(alivesIn(scene.listen(1_000)), []);
  assert.deepEqual(scene.node.logged('Refuting'), []);
});

test('a goodbye that nobody takes ends with its timeout', () => {
  const cluster = clusterOf(2, { config: { gossipIntervalMs: 60_000, probeIntervalMs: 60_000 } });
  assert.equal(at(cluster, 0).leave(700)?.message, 'timeout waiting for leave broadcast');
  const alone = new Cluster().start();
  assert.equal(alone.leave(700), undefined);
});

test('nothing fires after a shutdown: no packet, no stream, no event, no log line', () => {
  const cluster = clusterOf(4);
  cluster.world.run(10_000);
  const first = at(cluster, 0);
  // Much is under way: a probe that fails, a suspicion, a push/pull, a stream half read.
  at(cluster, 3).host.blockPackets();
  const stranger = new Stranger(cluster.world, '10.9.9.9');
  cluster.world.runUntil(() => first.logged('Failed ping').length > 0, 10_000);
  stranger.dial(first.address).write(Uint8Array.of(6, 0x83));
  cluster.world.run(3);
  first.list.shutdown();
  first.list.shutdown();
  const before = { lines: first.host.logLines.length, events: first.events.length };
  let sent = 0;
  cluster.world.network.onPacket((_, from) => {
    if (from.host === first.host.ip) sent += 1;
  });
  cluster.world.network.onStreamBytes((_, from) => {
    if (from.host === first.host.ip) sent += 1;
  });
  cluster.world.run(60_000);
  assert.equal(sent, 0);
  assert.deepEqual({ lines: first.host.logLines.length, events: first.events.length }, before);
});

test('after a shutdown no timer of the node is left', () => {
  for (const afterMs of [0, 30, 700, 1_600, 2_900, 4_444]) {
    const world = new VirtualWorld({ seed: 3 });
    const pending = new Set<object>();
    const { runtime } = world.host('10.0.0.1');
    const timers = {
      after(delayMs: number, fire: () => void) {
        const timer = runtime.timers.after(delayMs, () => {
          pending.delete(handle);
          fire();
        });
        const handle = {
          cancel() {
            pending.delete(handle);
            timer.cancel();
          },
        };
        pending.add(handle);
        return handle;
      },
    };
    const node = new Member(world, hostWith(world, '10.0.0.1', { timers }), 'n1').start();
    const stranger = new Stranger(world, '10.9.9.9');
    stranger.send(alive('s', 1), node.address);
    stranger.dial(node.address).write(Uint8Array.of(0));
    node.list.join(['10.0.0.77', '10.0.0.78'], () => {});
    node.list.updateNode(60_000, () => {});
    world.run(afterMs);
    node.list.leave(60_000, () => {});
    node.list.shutdown();
    assert.equal(pending.size, 0, `${pending.size} timers after ${afterMs} ms`);
  }
});

test('whoever waits hears of the shutdown before it returns, and never again', () => {
  const cluster = clusterOf(2, { config: { gossipIntervalMs: 60_000, probeIntervalMs: 60_000 } });
  const { list, world } = at(cluster, 0);
  const heard: string[] = [];
  list.updateNode(5_000, (error) => heard.push(`update: ${error?.message}`));
  list.leave(5_000, (error) => heard.push(`leave: ${error?.message}`));
  list.join(['10.0.0.77'], ({ error }) => heard.push(`join: ${error?.failures}`));
  const starting = new Member(world, world.host('10.0.0.50'), 'n5');
  starting.list.start((error) => heard.push(`start: ${error?.message}`));
  starting.list.shutdown();
  list.shutdown();
  const expected = ['start', 'update', 'leave', 'join'].map((call) => `${call}: the node is not running`);
  assert.deepEqual(heard, expected);
  world.run(60_000);
  assert.deepEqual(heard, expected);
  new Member(world, world.host('10.0.0.50'), 'n5').start(); // the sockets were closed
});

test('a name that is resolved after the shutdown is not contacted', () => {
  const { world, node } = new Scene();
  world.host('seed');
  const outcomes: (readonly string[] | undefined)[] = [];
  node.list.join(['seed'], ({ error }) => outcomes.push(error?.failures));
  world.run(0.5);
  node.list.shutdown();
  world.run(1_000);
  assert.deepEqual(outcomes, [['the node is not running']]);
  assert.deepEqual(node.logged('Failed to join'), []);
});

test('a broadcast that goes out after its timeout is not told a second time', () => {
  const scene = new Scene({ config: { gossipIntervalMs: 60_000, probeIntervalMs: 60_000 } });
  scene.introduce('s');
  const outcomes: (string | undefined)[] = [];
  scene.node.list.updateNode(700, (error) => outcomes.push(error?.message));
  scene.world.run(1_000);
  scene.stranger.hearOut(scene.node);
  scene.world.run(10);
  assert.deepEqual(outcomes, ['timeout waiting for update broadcast']);
});

test('calls after a shutdown end with an error', () => {
  const { world, node } = new Scene();
  node.list.shutdown();
  assert.deepEqual(node.join('10.9.9.9').error?.failures, ['the node is not running']);
  assert.equal(node.leave()?.message, 'the node is not running');
  assert.equal(updateError(node), 'the node is not running');
  let sent = 0;
  world.network.onPacket(() => sent++);
  node.list.sendTo({ host: '10.9.9.9', port: 7946 }, Uint8Array.of(1));
  world.run(100);
  assert.equal(sent, 0);
});

test('the sockets of a node that was shut down can be bound again', () => {
  const { world, node } = new Scene();
  node.list.shutdown();
  new Member(world, world.host('10.0.0.1'), 'again').start();
});

test('until its own entry stands, a node takes no streams', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { network, timers } = world.host('10.0.0.1').runtime;
  // Streams are listened for first; here the packet socket takes its time.
  const slow: Network = {
    ...network,
    bindPackets: (at, onPacket, done) => {
      timers.after(500, () => network.bindPackets(at, onPacket, done));
    },
  };
  const node = new Member(world, hostWith(world, '10.0.0.1', { network: slow }), 'n1');
  let up = false;
  node.list.start(() => {
    up = true;
  });
  const stranger = new Stranger(world, '10.9.9.9');
  const foreign = [pushPullNode('n1', { incarnation: 9 }), pushPullNode('x')];
  const request = encodePushPull({ join: false, nodes: foreign, userState: new Uint8Array(0) });
  assert.deepEqual(stranger.askStream(request, node.address), new Uint8Array(0));
  assert.equal(up, false);
  world.run(600);
  assert.deepEqual(node.memberNames, ['n1']);
  assert.equal(node.list.localNode.host, '10.0.0.1');
});

/** A machine some of whose runtime is replaced. */
function hostWith(world: VirtualWorld, ip: string, replaced: Partial<Runtime>): VirtualHost {
  const host = world.host(ip);
  return Object.create(host, { runtime: { value: { ...host.runtime, ...replaced } } });
}
