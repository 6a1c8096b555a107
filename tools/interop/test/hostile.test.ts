// Hostile input at a running agent of ours that is a member of a real cluster. After each class it must still
// run, answer pings and commands, and nobody may hold a wrong belief for longer than 15 seconds.

import { deepEqual, match, ok } from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Agent,
  allAlive,
  Cluster,
  eventually,
  expectStatuses,
  holds,
  peersMissing,
  reeve,
  serf094,
  serf0101,
} from '@reeve/interop';
import { type HostileInput, hostileInputs, madeUpMembers, type Victim } from './hostile-input.ts';

describe('hostile input', { skip: peersMissing() }, () => {
  test('our agent survives every class, and all members stay or come back alive to everybody', async (t) => {
    const cluster = await Cluster.of(t);
    const ours = await cluster.start(reeve, 'ours', plainAnswers);
    const real = await cluster.start(serf094, 'real', `-join=${ours.gossip}`);
    const recent = await cluster.start(serf0101, 'recent', `-join=${ours.gossip}`, `-join=${real.gossip}`);
    const all = [ours, real, recent];
    await expectStatuses(all, allAlive(all));
    const before = ours.memory();
    for (const input of hostileInputs(all.map(victimOf))) {
      await t.test(input.title, async (t) => {
        cluster.reportFailure(t);
        await attack(ours, input);
        await eventually('it answers a ping', () => answersPing(ours), beliefMs);
        const grownBytes = ours.memory().peakBytes - before.residentBytes;
        ok(grownBytes < growthBytesMax, `grew by ${grownBytes >> 20} MiB`);
        for (const agent of all) {
          await eventually(`${agent.name} sees all alive`, () => seesAlive(agent, all), beliefMs);
        }
      });
    }
    await t.test('afterwards no belief turns wrong with delay', async (t) => {
      cluster.reportFailure(t);
      await holds('all see all alive', beliefMs, async () => {
        for (const agent of all) await seesAlive(agent, all);
      });
    });
  });

  test('150 connections that say nothing keep nobody from joining', async (t) => {
    const cluster = await Cluster.of(t);
    const ours = await cluster.start(reeve, 'ours', plainAnswers);
    const idle = await Promise.all(
      Array.from({ length: 150 }, () => write(ours.gossip, new Uint8Array([6]))),
    );
    t.after(() => {
      for (const close of idle) close();
    });
    await eventually('it answers a ping', () => answersPing(ours), beliefMs);
    const real = await cluster.start(serf0101, 'real');
    await eventually('the real agent has joined', async () => {
      const { exit, stdout } = await real.serf('join', ours.gossip);
      ok(exit === 0, stdout);
    });
    await expectStatuses([ours, real], allAlive([ours, real]));
  });

  test('a million made-up members do not stop it', async (t) => {
    const cluster = await Cluster.of(t);
    const ours = await cluster.start(reeve, 'ours', plainAnswers);
    await attack(ours, { title: '', packets: madeUpMembers(1_000_000) });
    await eventually('it answers a ping', () => answersPing(ours), beliefMs);
    const { stdout } = await ours.serf('members', '-name=ours');
    match(stdout, /^ours .* alive/);
  });
});

/** Members that somebody made up do not count. */
async function seesAlive(agent: Agent, members: readonly Agent[]): Promise<void> {
  const statuses = await agent.statuses();
  const seen = Object.fromEntries(members.map(({ name }) => [name, statuses[name]]));
  deepEqual(seen, allAlive(members));
}

async function attack({ gossip, rpc }: Agent, input: HostileInput): Promise<void> {
  const socket = createSocket('udp4');
  const { host, port } = endpointOf(gossip);
  let sent = 0;
  for (const packet of input.packets ?? []) {
    await new Promise((done) => socket.send(packet, port, host, done));
    sent += 1;
    if (sent % packetsAtOnce === 0) await delay(1); // or the kernel drops most of them
  }
  socket.close();
  for (const [to, streams] of [
    [gossip, input.streams ?? []],
    [rpc, input.rpc ?? []],
  ] as const) {
    for (const bytes of streams) (await write(to, bytes))();
  }
}

/** Connects, writes, and returns what closes the connection. */
async function write(to: string, bytes: Uint8Array): Promise<() => void> {
  const socket = connect(endpointOf(to));
  socket.on('error', () => {}); // being cut off is what we ask for
  await once(socket, 'connect');
  await new Promise((written) => socket.write(bytes, written));
  return () => socket.destroy();
}

/** Sends a ping that names nobody, and waits for an ack with its number. */
async function answersPing(agent: Agent): Promise<void> {
  const socket = createSocket('udp4');
  try {
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(pingMs) });
    socket.send(namelessPing, endpointOf(agent.gossip).port, endpointOf(agent.gossip).host);
    const [ack] = (await answer) as [Buffer];
    ok(ack.includes('SeqNo') && ack.includes(pingNumber), ack.toString('hex'));
  } finally {
    socket.close();
  }
}

function victimOf({ name, gossip }: Agent): Victim {
  const { host, port } = endpointOf(gossip);
  return { name, address: Uint8Array.from(host.split('.'), Number), port };
}

function endpointOf(text: string): { host: string; port: number } {
  const [host = '', port = ''] = text.split(':');
  return { host, port: Number(port) };
}

/** Without it an ack is compressed, and this test would have to look inside. */
const plainAnswers = '-disable-compression';
const beliefMs = 15_000;
/**
 * Node's own, while it gets to know code it had never run, included. A bomb that went off would take more.
 */
const growthBytesMax = 64 * 1024 * 1024;
const pingMs = 1_000;
const pingNumber = Buffer.of(0xce, 0x12, 0x34, 0x56, 0x78);
const namelessPing = Buffer.concat([Buffer.of(0, 0x81, 0xa5), Buffer.from('SeqNo'), pingNumber]);
const packetsAtOnce = 50;
