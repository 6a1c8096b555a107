// What a server promises those who use it, on virtual time.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { capturePath } from '@reeve/golden';
import {
  type Applied,
  connectByFirstByte,
  type Done,
  defaultConfig,
  MemoryLogDisk,
  MemoryLogStore,
  MemorySnapshots,
  RaftNode,
} from '@reeve/raft';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { entry, voters } from './core-kit.ts';
import { Cluster } from './simulation/cluster.ts';
import { ListMachine, type SimulatedServer } from './simulation/server.ts';

/** Waits for the end of a call: its value, `ended` without one, an error as its text. */
function end<T>(cluster: Cluster, call: (done: Done<T>) => void, limitMs = 10_000): T | string {
  let outcome: { readonly it: T | string } | undefined;
  call((result) => {
    outcome = { it: result.ok ? (result.value ?? 'ended') : result.error.message };
  });
  assert.equal(outcome, undefined, 'nothing ends inside the call');
  assert.ok(
    cluster.world.runUntil(() => outcome !== undefined, limitMs),
    'no end',
  );
  return (outcome as { readonly it: T | string } | undefined)?.it ?? '';
}

function nodeOf(server: SimulatedServer | undefined): RaftNode {
  assert.ok(server?.node !== undefined, 'it is down');
  return server.node;
}

function started(
  servers: number,
  config = {},
): { readonly cluster: Cluster; readonly leader: SimulatedServer } {
  const cluster = new Cluster({ seed: 7, servers, config });
  cluster.start();
  return { cluster, leader: cluster.awaitLeader() };
}

const bytes = Buffer.from('x');

test('a command ends with its index and with what the state machine said', () => {
  const { cluster, leader } = started(3);
  const node = nodeOf(leader);
  const first = end<Applied>(cluster, (done) => node.apply(bytes, 0, done));
  const second = end<Applied>(cluster, (done) => node.apply(bytes, 0, done));
  assert.deepEqual(
    [first, second],
    [
      { index: 3, value: 1 },
      { index: 4, value: 2 },
    ],
  );
});

test('a follower refuses everything in the words of the original', () => {
  const { cluster, leader } = started(3);
  const node = nodeOf(cluster.servers.find((it) => it !== leader));
  const change = { command: 'remove-server', id: 'x', address: '', prevIndex: 0 } as const;
  const refusals = [
    end<Applied>(cluster, (done) => node.apply(bytes, 0, done)),
    end<Applied>(cluster, (done) => node.barrier(0, done)),
    end<void>(cluster, (done) => node.verifyLeader(done)),
    end<Applied>(cluster, (done) => node.changeConfiguration(change, done)),
    end<void>(cluster, (done) => node.transferLeadership(undefined, done)),
    end<void>(cluster, (done) => node.restore(bytes, 1, done)),
  ];
  assert.deepEqual(new Set(refusals), new Set(['node is not the leader']));
});

test('a leader that is cut off loses what it has not committed, and says that it may yet happen', () => {
  const { cluster, leader } = started(3);
  cluster.world.network.partition(leader.host);
  const lost = 'leadership lost while committing log';
  assert.equal(
    end<Applied>(cluster, (done) => nodeOf(leader).apply(bytes, 0, done)),
    lost,
  );
  assert.equal(nodeOf(leader).state.role, 'follower');
});

test('what is committed does not fail, even if the leader loses its place before it can apply it', () => {
  const { cluster, leader } = started(3);
  const node = nodeOf(leader);
  leader.writeMs = () => 2_000;
  let ended: unknown;
  node.apply(bytes, 0, (result) => {
    ended = result;
  });
  assert.ok(
    cluster.world.runUntil(() => node.state.commitIndex === 3, 500),
    'the others have it',
  );
  cluster.world.network.partition(leader.host);
  cluster.world.run(1_000);
  assert.deepEqual([node.state.role, ended], ['follower', undefined]);
  cluster.world.run(1_000);
  assert.deepEqual(ended, { ok: true, value: { index: 3, value: 1 } });
});

test('whoever verifies a leader that is cut off hears that it is none', () => {
  const { cluster, leader } = started(3);
  assert.equal(
    end<void>(cluster, (done) => nodeOf(leader).verifyLeader(done)),
    'ended',
  );
  cluster.world.network.partition(leader.host);
  const lost = 'leadership lost while committing log';
  assert.equal(
    end<void>(cluster, (done) => nodeOf(leader).verifyLeader(done)),
    lost,
  );
});

test('proposals that find no room in time are refused; the others go on', () => {
  const { cluster, leader } = started(3, {
    heartbeatTimeoutMs: 5_000,
    electionTimeoutMs: 5_000,
    leaderLeaseMs: 5_000,
  });
  const node = nodeOf(leader);
  cluster.world.network.partition(leader.host);
  for (let i = 0; i < 8_192; i++) node.apply(bytes, 0, () => {});
  assert.equal(
    end<Applied>(cluster, (done) => node.apply(bytes, 100, done), 200),
    'timed out enqueuing operation',
  );
});

test('proposals find no room while those before them are too large for memory', () => {
  const { cluster, leader } = started(3);
  const node = nodeOf(leader);
  cluster.world.network.partition(leader.host);
  for (let i = 0; i < 64; i++) node.apply(Buffer.alloc(1 << 20), 0, () => {});
  const refusal = end<Applied>(cluster, (done) => node.apply(bytes, 100, done), 200);
  assert.equal(refusal, 'timed out enqueuing operation');
});

test('a barrier ends when everything before it is applied', () => {
  const { cluster, leader } = started(3);
  for (let i = 0; i < 100; i++) cluster.write();
  end<Applied>(cluster, (done) => nodeOf(leader).barrier(0, done));
  assert.equal(leader.machine.commands.length, 100);
});

test('leadership is handed over on demand, without an election timeout', () => {
  const { cluster, leader } = started(3);
  const to = cluster.servers.find((it) => it !== leader);
  const since = cluster.world.now;
  end<void>(cluster, (done) => nodeOf(leader).transferLeadership(to?.id, done));
  assert.equal(cluster.awaitLeader(), to);
  assert.ok(cluster.world.now - since < 200);
});

test('a leader that dies, so that its connections close, has a successor within a timeout', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const cluster = new Cluster({ seed, servers: 3 });
    cluster.start();
    const leader = cluster.awaitLeader();
    cluster.world.run(1_000);
    const since = cluster.world.now;
    leader.crash(cluster.random);
    const isLed = (): boolean => cluster.leader !== undefined;
    assert.ok(cluster.world.runUntil(isLed, 10_000));
    const tookMs = cluster.world.now - since;
    assert.ok(tookMs < 1_000, `seed ${seed}: ${tookMs} ms`);
  }
});

test('whoever waits when a server stops hears that it has', () => {
  const { cluster, leader } = started(3);
  const node = nodeOf(leader);
  const ends: string[] = [];
  const note = (result: { readonly ok: boolean; readonly error?: Error }): void => {
    ends.push(result.error?.message ?? 'ok');
  };
  node.apply(bytes, 0, note);
  node.verifyLeader(note);
  node.takeSnapshot(note);
  node.restore(bytes, 0, note);
  node.shutdown();
  node.barrier(0, note);
  node.takeSnapshot(note);
  cluster.world.run(100);
  assert.deepEqual(ends, Array(6).fill('raft is already shutdown'));
});

test('a snapshot and the entries behind it bring a server back to where it was', () => {
  const { cluster, leader } = started(1, { trailingLogs: 3 });
  for (let i = 0; i < 20; i++) cluster.write();
  cluster.world.run(200);
  assert.equal(
    end<void>(cluster, (done) => nodeOf(leader).takeSnapshot(done)),
    'ended',
  );
  assert.equal(
    end<void>(cluster, (done) => nodeOf(leader).takeSnapshot(done)),
    'nothing new to snapshot',
  );
  for (let i = 0; i < 5; i++) cluster.write();
  cluster.world.run(200);
  const before = leader.machine.commands;
  leader.crash(cluster.random);
  assert.equal(leader.disk.firstIndex, 20);
  leader.start();
  cluster.world.run(1_000);
  assert.deepEqual([leader.machine.restores, leader.machine.commands], [1, before]);
});

test('an operator’s state becomes that of all servers, behind everything there was', () => {
  const { cluster, leader } = started(3);
  for (let i = 0; i < 10; i++) cluster.write();
  cluster.world.run(500);
  const node = nodeOf(leader);
  const before = node.state.log.lastIndex;
  // The history of a real state would be another one: no property of histories holds here.
  cluster.isChecked = false;
  assert.equal(
    end<void>(cluster, (done) => node.restore(Buffer.from('1 restored\n'), 5_000, done)),
    'ended',
  );
  assert.ok(node.state.log.lastIndex > Math.max(before, 5_000));
  cluster.write('after');
  assert.ok(cluster.awaitAgreement());
  for (const { machine } of cluster.servers)
    assert.deepEqual(
      machine.commands.map(({ text }) => text),
      ['restored', 'after'],
    );
});

test('what waits when a state is restored is aborted', () => {
  const { cluster, leader } = started(3);
  cluster.world.network.partition(leader.host);
  const node = nodeOf(leader);
  let ended = '';
  node.apply(bytes, 0, (result) => {
    ended = result.ok ? 'ok' : result.error.message;
  });
  cluster.world.run(20);
  node.restore(Buffer.from(''), 0, () => {});
  cluster.world.run(20);
  assert.equal(ended, 'snapshot restored while committing log');
});

test('a disk that takes nothing costs the leadership, and a server that gets room again goes on', () => {
  const { cluster, leader } = started(3);
  leader.disk.fault = () => 'write log-1: no space left on device';
  const node = nodeOf(leader);
  const refusal = end<Applied>(cluster, (done) => node.apply(bytes, 0, done));
  assert.equal(refusal, 'write log-1: no space left on device');
  cluster.world.run(100);
  const next = cluster.awaitLeader();
  assert.notEqual(next, leader);
  leader.disk.fault = () => undefined;
  cluster.write('afterwards');
  assert.ok(cluster.awaitAgreement());
  assert.equal(leader.machine.commands.at(-1)?.text, 'afterwards');
});

test('servers are added without a vote, promoted, and removed, the leader too', () => {
  const cluster = new Cluster({ seed: 7, servers: 4 });
  const fourth = cluster.servers[3];
  cluster.start({ servers: cluster.everybody.servers.slice(0, 3) });
  const leader = cluster.awaitLeader();
  assert.ok(fourth !== undefined);
  for (let i = 0; i < 10; i++) cluster.write();
  const { id, address } = fourth;
  const change = (command: 'add-nonvoter' | 'add-voter' | 'remove-server', of = { id, address }) =>
    end<Applied>(cluster, (done) =>
      nodeOf(leader).changeConfiguration({ command, ...of, prevIndex: 0 }, done),
    );
  assert.equal(typeof change('add-nonvoter'), 'object');
  assert.ok(cluster.awaitAgreement());
  assert.equal(fourth.machine.commands.length, 10);
  assert.equal(typeof change('add-voter'), 'object');
  assert.equal(typeof change('remove-server', leader), 'object', 'a leader that removes itself is told');
  cluster.world.run(100);
  assert.equal(nodeOf(leader).state.role, 'follower');
  const next = cluster.awaitLeader();
  assert.notEqual(next, leader);
  assert.equal(nodeOf(next).state.membership.latest.servers.length, 3);
});

test('a change of the configuration that waits for the one before is made as soon as that is applied', () => {
  const { cluster, leader } = started(1);
  const { id, address } = leader;
  const indexes: (number | string)[] = [];
  for (let i = 0; i < 3; i++)
    nodeOf(leader).changeConfiguration({ command: 'add-voter', id, address, prevIndex: 0 }, (result) =>
      indexes.push(result.ok ? result.value.index : result.error.message),
    );
  cluster.world.run(50);
  assert.deepEqual(indexes, [3, 4, 5]);
});

test('the numbers of the original are told under its names', () => {
  const { cluster, leader } = started(3);
  cluster.write();
  cluster.world.run(100);
  const { counters, gauges, samples } = leader.host;
  assert.deepEqual([counters.get('raft.apply'), counters.get('raft.state.leader')], [1, 1]);
  assert.deepEqual([gauges.get('raft.applied_index'), gauges.get('raft.last_index')], [3, 3]);
  for (const name of ['raft.commitTime', 'raft.fsm.apply', 'raft.leader.dispatchLog']) {
    const values = samples.get(name) ?? [];
    assert.ok(values.length > 0 && values.every((ms) => ms >= 0 && ms < 50), `${name}: ${values}`);
  }
});

test('a server that takes part in nothing says so once', () => {
  const cluster = new Cluster({ seed: 7, servers: 1 });
  cluster.servers[0]?.start();
  cluster.world.run(60_000);
  const lines = cluster.servers[0]?.host.logLines.filter((line) => line.includes('aborting election'));
  assert.deepEqual(lines, ['[WARN] raft: no known peers, aborting election']);
});

test('stats have the keys of consul info', () => {
  const { cluster, leader } = started(3);
  const info = readFileSync(capturePath('cli/info.txt', 'consul'), 'utf8');
  const section = /^raft:\n((?:\t.*\n)*)/m.exec(info)?.[1] ?? '';
  const keys = section
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(' = ')[0]);
  const stats = nodeOf(leader).stats((ms) => `${ms}ms`);
  assert.deepEqual(Object.keys(stats), keys);
  assert.deepEqual([stats.state, stats.num_peers, stats.last_contact], ['Leader', '2', '0']);
  const follower = nodeOf(cluster.servers.find((it) => it !== leader)).stats((ms) => `${ms}ms`);
  assert.match(`${follower.state} ${follower.last_contact}`, /^Follower [0-9.]+ms$/);
});

test('a log that begins behind what the snapshot holds is refused, with what to do', () => {
  const disk = new MemoryLogDisk();
  disk.firstIndex = 50;
  disk.entries.push(entry(50, 2));
  const { runtime } = new VirtualWorld({ seed: 1 }).host('10.0.0.1');
  const create = (): RaftNode =>
    new RaftNode({
      runtime,
      config: defaultConfig,
      id: 's1',
      address: '10.0.0.1:8300',
      store: new MemoryLogStore(runtime.timers, disk),
      snapshots: new MemorySnapshots(runtime.timers),
      stateMachine: new ListMachine(),
      connect: connectByFirstByte(runtime.network, 100),
      onFatal: () => {},
    });
  assert.throws(
    create,
    /begins with entry 50, the newest snapshot ends with 0: what lies between is missing/,
  );
  disk.entries.length = 0;
  disk.firstIndex = 1;
  create().bootstrap(voters(1));
});

test('while the configuration changes nothing is restored', () => {
  const { cluster, leader } = started(3);
  cluster.world.network.partition(leader.host);
  const node = nodeOf(leader);
  const fourth = { id: 's4', address: '10.0.0.4:8300' };
  node.changeConfiguration({ command: 'add-nonvoter', ...fourth, prevIndex: 0 }, () => {});
  cluster.world.run(20);
  assert.match(
    `${end<void>(cluster, (done) => node.restore(Buffer.from(''), 0, done))}`,
    /^cannot restore snapshot now, wait until the configuration entry at \d+ has been applied/,
  );
});
