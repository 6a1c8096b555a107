// What the log says of HTTP requests, in the original's words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { RequestLog } from '../../dist/agent/request-log.js';
import type { RawRequest } from '../../dist/http/request.js';
import { AgentLog } from '../../dist/log/agent-log.js';
import { CallAbort } from '../../dist/waiting/call-signal.js';

/** The lines that one finished request leaves, and its metrics. */
function finished(parts: Partial<RawRequest>, level: 'info' | 'debug' = 'debug') {
  const world = new VirtualWorld({ seed: 1 });
  const { clock } = world.host('10.0.0.1').runtime;
  const lines: string[] = [];
  const samples: [name: string, value: number][] = [];
  const log = new AgentLog(level, 'text', [(line) => lines.push(line.replace(/^\S+ /, ''))]);
  const requests = new RequestLog({
    runtime: {
      clock,
      log: log.write,
      metrics: { count() {}, gauge() {}, sample: (name, value) => samples.push([name, value]) },
    },
    isHeard: (wanted) => log.isHeard(wanted),
  });
  const request = { ...usual, ...parts } as RawRequest;
  const onFinished = requests.onRequest(request, '/v1/kv/');
  world.run(1.25);
  onFinished();
  return { lines, samples, log, requests, request };
}

const usual: Partial<RawRequest> = {
  method: 'GET',
  target: '/v1/kv/a?raw',
  rawQuery: 'raw',
  remoteHost: '127.0.0.1',
  remotePort: 40_000,
  signal: () => new CallAbort(),
};

test('T1-1: a finished request is a line for those who debug, with the time it took', () => {
  assert.deepEqual(finished({}).lines, [
    '[DEBUG] agent.http: Request finished: method=GET url=/v1/kv/a?raw from=127.0.0.1:40000 latency=1.25ms',
  ]);
  assert.deepEqual(finished({}, 'info').lines, []);
});

test('whoever is at a Unix socket or at an IPv6 address is named as by Go', () => {
  assert.match(finished({ remoteHost: '' }).lines[0] ?? '', / from=@ /);
  assert.match(finished({ remoteHost: '::1' }).lines[0] ?? '', / from=\[::1\]:40000 /);
});

test('T1-1: no token is ever logged, wherever it stands', () => {
  const url = (target: string) => {
    const { lines } = finished({ target, rawQuery: target.split('?')[1] ?? '' });
    return / url=(\S+) /.exec(lines[0] ?? '')?.[1];
  };
  assert.equal(url('/v1/kv/a?token=secret&raw'), '/v1/kv/a?token=<hidden>&raw');
  assert.equal(url('/v1/kv/a?token=secret&token=other'), '/v1/kv/a?token=<hidden>&token=<hidden>');
  assert.equal(url('/v1/kv/a?token='), '/v1/kv/a?token=<hidden>');
  assert.equal(url('/v1/acl/info/secret?x=1'), '/v1/acl/info/<hidden>?x=1');
  assert.equal(url('/v1/acl/list/secret'), '/v1/acl/list/<hidden>');
  assert.equal(url('/v1/acl/token/accessor'), '/v1/acl/token/accessor');
});

test('T1-1: a request that failed is an error, with its reason, and its token stays hidden too', () => {
  const { requests, lines } = finished({}, 'info');
  const request = { ...usual, target: '/v1/kv/a?token=x1y', rawQuery: 'token=x1y' } as RawRequest;
  requests.onError(request, new Error('No cluster leader'));
  requests.onError(request, new Error('EOF'));
  const start = '[ERROR] agent.http: Request error: method=GET url=/v1/kv/a?token=<hidden>';
  assert.deepEqual(lines, [
    `${start} from=127.0.0.1:40000 error="No cluster leader"`,
    `${start} from=127.0.0.1:40000 error=EOF`,
  ]);
});

test('a request that waited until nobody waited for it has not failed', () => {
  const { requests, lines } = finished({}, 'info');
  const gone = new CallAbort();
  gone.abort();
  requests.onError({ ...usual, signal: () => gone } as RawRequest, new Error('context canceled'));
  assert.deepEqual(lines, []);
});

test('T1-4: the time of a request is measured by its route, whoever looks at the log', () => {
  assert.deepEqual(finished({}, 'info').samples, [['http.GET.v1.kv._', 1.25]]);
  assert.deepEqual(finished({ method: 'BREW' }).samples, [], 'nobody makes up names of ours');
});

test('who follows the log at a level has it heard, and only as long', async () => {
  const { log } = finished({}, 'info');
  assert.equal(log.isHeard('debug'), false);
  const gone = new AbortController();
  const followed = log.follow('debug', 'text', gone.signal);
  const first = followed.next();
  assert.equal(log.isHeard('debug'), true);
  assert.equal(log.isHeard('trace'), false);
  gone.abort();
  await first;
  assert.equal(log.isHeard('debug'), false);
});
