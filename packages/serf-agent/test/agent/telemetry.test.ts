// The numbers of a whole run: an agent that a peer joins, that sees an event and a query, and whose peer is
// killed, beside the same run of the original.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPlain, readTranscript } from '@reeve/golden';
import { folderWith } from '../config/load-config.js';
import { until } from '../until.js';
import { privateAddress, type SerfProcess, serf, startAgent } from './agent-process.js';

// V8 does not count objects.
const uncounted = ['malloc_count', 'free_count', 'heap_objects'].map((name) => `runtime.${name}`);

describe('telemetry', { concurrency: 2 }, () => {
  test('[79] statsd and statsite get the names of the capture', async (t) => {
    const statsd = await statsdServer(t);
    const statsite = await statsiteServer(t);
    const config = {
      statsd_addr: statsd.address,
      statsite_addr: statsite.address,
      event_handlers: ['/bin/true'],
    };
    const folder = await folderWith(t, { 'st.json': JSON.stringify(config) });
    const { agent, address, rpc } = await startedAgent(t, 'st', `-config-file=${join(folder, 'st.json')}`);
    const peer = await startedAgent(t, 'peer', `-join=${address}`);
    await agent.printed('EventMemberJoin: peer');
    for (const command of [
      ['event', rpc, 'deploy'],
      ['query', rpc, '-timeout=1s', 'uptime'],
      ['tags', rpc, '-set', 'a=b'],
    ])
      assert.equal((await serf(...command)).exit, 0, command[0]);
    peer.agent.signal('SIGKILL');
    await agent.printed('EventMemberFailed: peer');
    agent.signal('SIGINT');
    const { exit, stdout, stderr } = await agent.ended;
    assert.deepEqual([exit, stderr], [0, ''], stdout);

    const captured = capturedNames();
    assert.equal(captured.length, 32);
    for (const { lines } of [statsd, statsite]) {
      const missing = (): string[] => {
        const names = new Set(lines().map((line) => line.replace(/:.*\|/, '|')));
        return captured.filter((name) => !names.has(name));
      };
      // The last words of one that has ended may still be under way.
      await until(
        () => missing().length === 0,
        () => missing().join(),
      );
      for (const line of lines()) assert.match(line, /^serf-agent\.[^\s:|]+:-?\d+\.\d{6}\|(c|ms|g)$/);
    }
  });

  test('[79] SIGUSR1 shows the last minute on stderr, under the names of the capture', async (t) => {
    const { agent } = await startedAgent(t, 'n7');
    const expected = readTranscript('agent/sigusr1-metrics')
      .stderr.split('\n')
      .map(shownName)
      .filter((name) => !uncounted.some((unknown) => name.includes(unknown)));
    const missing = (): string[] => {
      const shown = new Set(agent.stderr.split('\n').map(shownName));
      return expected.filter((name) => !shown.has(name));
    };
    // Intervals of ten seconds have to be over; how soon, depends on the wall clock.
    for (let tries = 0; missing().length > 0 && tries < 100; tries++) {
      agent.signal('SIGUSR1');
      await sleep(250);
    }
    assert.deepEqual(missing(), []);
  });
});

// `[G] 'serf-agent.runtime.sys_bytes'`
function shownName(line: string): string {
  return line.replace(/^\[[^\]]*\]/, '').replace(/:.*/, '');
}

// `serf-agent.runtime.alloc_bytes|g`, with our host's name for theirs.
function capturedNames(): string[] {
  const { text } = readPlain('agent/statsd-statsite-metrics');
  return [...text.matchAll(/^(serf-agent\.\S+\|(?:c|ms|g)) +\d/gm)]
    .map(([, name = '']) => name.replace('serf-agent.vm.', `serf-agent.${hostname()}.`))
    .filter((name) => !uncounted.some((unknown) => name.includes(unknown)));
}

async function startedAgent(t: TestContext, name: string, ...flags: readonly string[]) {
  const address = await privateAddress();
  const rpc = `-rpc-addr=${address}:7373`;
  const agent: SerfProcess = startAgent(t, `-node=${name}`, `-bind=${address}`, rpc, ...flags);
  await agent.printed('Log data will now stream in');
  return { agent, address, rpc };
}

async function statsdServer(t: TestContext) {
  const packets: string[] = [];
  const socket = createSocket('udp4', (packet) => packets.push(`${packet}`));
  t.after(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, lines: () => linesOf(packets) };
}

async function statsiteServer(t: TestContext) {
  const chunks: string[] = [];
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, lines: () => linesOf(chunks) };
}

function linesOf(parts: readonly string[]): string[] {
  return parts.join('').trimEnd().split('\n');
}
