// Consul's agent as its operator has it, ours beside the real one: signals and exit codes, what watches tell
// their handlers, commands that are run for others. consul.md 6.5, 6.6, 9.2.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import {
  ConsulAgent,
  ConsulCluster,
  consul187,
  consulMissing,
  eventually,
  type Outcome,
  type Program,
  reeveConsul,
  run,
  scratchFolder,
} from '@reeve/interop';

const atOnce = '-hcl=performance { leave_drain_time = "1ms" }';
const leavesOnInterrupt = '-hcl=skip_leave_on_interrupt = false';
const leavesOnTerminate = '-hcl=leave_on_terminate = true';

interface Ending {
  readonly flags: readonly string[];
  readonly signals: readonly NodeJS.Signals[];
  readonly exit: number;
  /** What the log says of it, in this order. */
  readonly says: readonly string[];
}

const endings: Readonly<Record<string, Ending>> = {
  'SIGINT ends a server that does not leave': {
    flags: [],
    signals: ['SIGINT'],
    exit: 1,
    says: ['Caught: signal=interrupt', 'Graceful shutdown disabled. Exiting', 'Exit code: code=1'],
  },
  'SIGTERM ends a server that does not leave': {
    flags: [],
    signals: ['SIGTERM'],
    exit: 1,
    says: ['Caught: signal=terminated', 'Graceful shutdown disabled. Exiting', 'Exit code: code=1'],
  },
  'SIGINT makes a server leave that is told so': {
    flags: [leavesOnInterrupt, atOnce],
    signals: ['SIGINT'],
    exit: 0,
    says: [
      'Caught: signal=interrupt',
      'Gracefully shutting down',
      'Graceful exit completed',
      'Exit code: code=0',
    ],
  },
  'SIGTERM makes a server leave that is told so': {
    flags: [leavesOnTerminate, atOnce],
    signals: ['SIGTERM'],
    exit: 0,
    says: [
      'Caught: signal=terminated',
      'Gracefully shutting down',
      'Graceful exit completed',
      'Exit code: code=0',
    ],
  },
  'a second signal ends a server that leaves': {
    flags: [leavesOnInterrupt],
    signals: ['SIGINT', 'SIGTERM'],
    exit: 1,
    says: [
      'Gracefully shutting down',
      'Caught second signal, Exiting: signal=interrupt',
      'Exit code: code=1',
    ],
  },
  'SIGHUP and SIGPIPE end nobody': {
    flags: [],
    signals: ['SIGPIPE', 'SIGHUP', 'SIGTERM'],
    exit: 1,
    says: ['Caught: signal=hangup', 'Caught: signal=terminated', 'Exit code: code=1'],
  },
};

for (const program of [consul187, reeveConsul]) {
  const skip = program === consul187 && consulMissing();
  describe(`${program.title}'s agent`, { skip }, () => {
    for (const [title, ending] of Object.entries(endings)) {
      test(`T0-30: ${title}`, (t) => endsAs(program, t, ending));
    }

    test('T0-24: a service taken out of the catalog comes back with the next full round only', async (t) => {
      const agent = await ConsulAgent.startOf(program, t);
      const isListed = async () =>
        ((await agent.getJson('/v1/catalog/service/web')) as unknown[]).length === 1;
      await agent.put('/v1/agent/service/register', '{"Name": "web"}');
      const node = ((await agent.getJson('/v1/agent/self')) as { Config: { NodeName: string } }).Config;
      const gone = JSON.stringify({ Node: node.NodeName, ServiceID: 'web' });
      // A full round may be just under way; from its end on there is a minute at least, and at most two.
      await eventually('it stays away while another service is registered', async () => {
        await agent.put('/v1/catalog/deregister', gone);
        await agent.put('/v1/agent/service/register', `{"Name": "db", "Port": ${Date.now() % 60_000}}`);
        assert.equal(await isListed(), false);
      });
      await eventually('it is back', async () => assert.ok(await isListed()), 150_000);
    });

    test('T0-30: who is told over HTTP to leave ends with 0', async (t) => {
      const agent = await ConsulAgent.startOf(program, t, atOnce);
      await agent.put('/v1/agent/leave', '');
      assert.equal((await agent.child.ended).exit, 0);
    });

    test('T0-30: SIGHUP with a configuration that cannot be read leaves everything as it is', async (t) => {
      const file = join(scratchFolder(t), 'agent.json');
      writeFileSync(file, '{"service": {"name": "web"}}');
      const agent = await ConsulAgent.startOf(program, t, `-config-file=${file}`);
      writeFileSync(file, '{"service": {"name": "db"}, "bogus": 1}');
      agent.child.signal('SIGHUP');
      await agent.child.printed((text) => text.includes('Reload config failed: error='));
      assert.deepEqual(Object.keys((await agent.getJson('/v1/agent/services')) as object), ['web']);
    });
  });
}

describe('agents of both programs', { skip: consulMissing() }, () => {
  test('T0-30: a leave that takes more than 15 seconds is given up', async (t) => {
    const ending: Ending = {
      flags: [leavesOnInterrupt, '-hcl=performance { leave_drain_time = "10m" }'],
      signals: ['SIGINT'],
      exit: 1,
      says: ['Gracefully shutting down agent', 'Timeout on graceful leave. Exiting', 'Exit code: code=1'],
    };
    await Promise.all([consul187, reeveConsul].map((program) => endsAs(program, t, ending)));
  });

  test('T1-15: the same watches tell their handlers the same', async (t) => {
    const [theirs, ours] = [await told(consul187, t), await told(reeveConsul, t)];
    assert.deepEqual(ours, theirs);
  });

  test('T1-6: both remember the same over kill -9', async (t) => {
    const [theirs, ours] = await Promise.all([remembered(consul187, t), remembered(reeveConsul, t)]);
    assert.deepEqual(ours, theirs);
    assert.match(JSON.stringify(ours), /a note that is kept/);
  });

  test('T0-27, T1-15: whoever listens to HTTP is told the same of a watch', async (t) => {
    const [theirs, ours] = [await posted(consul187, t), await posted(reeveConsul, t)];
    assert.deepEqual(ours, theirs);
  });

  test('T0-26: exec from end to end with our agent, by the original command line and by ours', async (t) => {
    const agent = await ConsulAgent.startOf(reeveConsul, t, '-node=dev1', '-hcl=disable_remote_exec=false');
    await eventually('the node is there', () => agent.get('/v1/health/node/dev1'));
    for (const words of [
      ['exec', '-wait=5s', 'echo hi; echo; exit 4'],
      ['exec', '-wait=5s', '-shell=false', 'echo', 'a', 'b'],
      ['exec', '-wait=5s', 'head -c 5000 /dev/zero | tr "\\0" x'],
      ['exec', '-wait=300ms', '-node=nosuch', 'true'],
    ]) {
      const environment = { CONSUL_HTTP_ADDR: agent.http };
      const runs = [consul187, reeveConsul].map(({ path }) => run(path, words, environment));
      const [theirs, ours] = (await Promise.all(runs)) as [Outcome, Outcome];
      assert.deepEqual(sorted(ours), sorted(theirs), words.join(' '));
      assert.equal(theirs.exit, words.join(' ').includes('exit 4') ? 2 : 0);
    }
  });
});

async function endsAs(program: Program, t: TestContext, ending: Ending): Promise<void> {
  const { child } = await ConsulAgent.startOf(program, t, ...ending.flags);
  await child.printed((text) => text.includes('==> Consul agent running!'));
  for (const [index, signal] of ending.signals.entries()) {
    const before = child.stdout.split('Caught').length;
    child.signal(signal);
    if (signal === 'SIGPIPE') continue;
    if (index < ending.signals.length - 1)
      await child.printed((text) => text.split('Caught').length > before);
  }
  const { exit, stdout } = await child.ended;
  assert.equal(exit, ending.exit, stdout);
  const places = ending.says.map((text) => stdout.indexOf(`agent: ${text}`));
  assert.ok(
    places.every((place) => place > 0),
    `${places}: ${stdout}`,
  );
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
}

/** What handlers of each kind of watch got, without what differs from run to run. */
async function told(program: Program, t: TestContext): Promise<Readonly<Record<string, readonly string[]>>> {
  const folder = scratchFolder(t);
  const watches = Object.entries(watched).map(([name, watch]) => {
    const file = join(folder, name);
    const script = `cat >> ${file}; echo "index \${CONSUL_INDEX:+there}" >> ${file}`;
    return { ...watch, args: ['sh', '-c', script] };
  });
  const file = join(folder, 'watches.json');
  const service = { name: 'web', port: 80, check: { ttl: '20m', status: 'passing' } };
  writeFileSync(file, JSON.stringify({ watches, service }));
  const agent = await ConsulAgent.startOf(program, t, '-node=dev1', `-config-file=${file}`);
  await eventually('web is in the catalog', async () => {
    assert.equal(((await agent.getJson('/v1/health/service/web')) as unknown[]).length, 1);
  });
  await agent.put('/v1/kv/w/k', 'one');
  await agent.put('/v1/event/fire/deploy', 'payload');
  const lines = (name: string) => comparable(readFileSync(join(folder, name), 'utf8'));
  const lastWords = {
    key: /"b25l"/,
    prefix: /"b25l"/,
    services: /"web"/,
    // What an agent tells of its node, and a leader of its health, comes in either order.
    service: /"TaggedAddresses":\{"lan":"ADDRESS".*"serfHealth"/,
    event: /deploy/,
    own: /"web"/,
  };
  for (const [name, pattern] of Object.entries(lastWords)) {
    await eventually(`${name} is told`, () => assert.match(lines(name).at(-2) ?? '', pattern));
  }
  return Object.fromEntries(Object.keys(watched).map((name) => [name, lines(name).slice(-2)]));
}

/** What a server has, of itself and in its catalog, after it was killed and started again. */
async function remembered(program: Program, t: TestContext): Promise<unknown> {
  const cluster = await ConsulCluster.start(t, [program]);
  await cluster.leader();
  for (const [path, body] of kept) {
    await eventually(path, () => cluster.server('s1').put(path, body));
  }
  await cluster.kill('s1');
  const again = cluster.run('s1', program, '-bootstrap-expect=1');
  await cluster.leader();
  const questions = ['agent/services', 'agent/checks', 'kv/a?raw', 'health/service/web', 'health/state/any'];
  const told: Record<string, unknown> = {};
  await eventually('all of it is in the catalog again', async () => {
    for (const question of questions) {
      const answer = Buffer.from(await again.get(`/v1/${question}`)).toString();
      const isSame = (text: string) => text.replaceAll(again.address, 'ADDRESS');
      told[question] = comparable(isSame(answer));
    }
    assert.match(`${told['health/state/any']}`, /"never told","Status":"critical".*serfHealth.*service:w2/);
  });
  return told;
}

const kept: readonly (readonly [path: string, body: string])[] = [
  ['/v1/kv/a', 'value'],
  [
    '/v1/agent/service/register',
    '{"Name": "web", "ID": "w1", "Tags": ["t"], "Port": 80, "Meta": {"m": "1"}, "Check": {"TTL": "1h"}}',
  ],
  ['/v1/agent/service/register', '{"Name": "gone", "Check": {"TTL": "1h", "Status": "passing"}}'],
  [
    '/v1/agent/service/register',
    '{"Name": "web", "ID": "w2", "Check": {"TCP": "127.0.0.1:1", "Interval": "500h"}}',
  ],
  ['/v1/agent/check/register', '{"Name": "kept", "TTL": "1h", "Notes": "n"}'],
  ['/v1/agent/check/register', '{"Name": "never told", "TTL": "1h", "Status": "passing"}'],
  ['/v1/agent/check/pass/kept?note=a%20note%20that%20is%20kept', ''],
  ['/v1/agent/check/warn/service:w1?note=hm', ''],
  ['/v1/agent/service/deregister/gone', ''],
  ['/v1/agent/service/maintenance/w2?enable=true&reason=why', ''],
];

/** What a listener gets of a key that is missing at first, without what differs from run to run. */
async function posted(program: Program, t: TestContext): Promise<readonly unknown[]> {
  const requests: unknown[] = [];
  const listener = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { host, 'content-length': _length, 'accept-encoding': _packed, ...others } = request.headers;
    const { 'x-consul-index': index, ...headers } = others;
    const body = comparable(Buffer.concat(chunks).toString());
    requests.push([request.method, request.url, Object.entries(headers).sort(), Number(index) > 0, body]);
    response.end('thanks');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  t.after(() => listener.close());
  const file = join(scratchFolder(t), 'watches.json');
  const path = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/told?by=watch`;
  const handler = { path, method: 'PUT', header: { 'X-Own': ['a', 'b'] }, timeout: '5s' };
  const watch = { type: 'key', key: 'w/k', handler_type: 'http', http_handler_config: handler };
  writeFileSync(file, JSON.stringify({ watches: [watch] }));
  const agent = await ConsulAgent.startOf(program, t, '-node=dev1', `-config-file=${file}`);
  await eventually('the missing key is told', () => assert.equal(requests.length, 1));
  await agent.put('/v1/kv/w/k', 'one');
  await eventually('the key is told', () => assert.equal(requests.length, 2));
  await agent.put('/v1/kv/w/k', 'two');
  await eventually('the change is told', () => assert.equal(requests.length, 3));
  return requests;
}

const watched = {
  key: { type: 'key', key: 'w/k' },
  prefix: { type: 'keyprefix', prefix: 'w/' },
  services: { type: 'services' },
  service: { type: 'service', service: 'web', passingonly: true },
  event: { type: 'event', name: 'deploy' },
  own: { type: 'agent_service', service_id: 'web' },
};

/** The exit code may be told before the output, by either. */
function sorted({ exit, stdout, stderr }: Outcome) {
  return { exit, stdout: stdout.split('\n').sort(), stderr };
}

function comparable(text: string): readonly string[] {
  return text
    .replace(/"(\w*Index|LTime)":\d+/g, '"$1":0')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/127\.\d+\.\d+\.\d+/g, 'ADDRESS')
    .trimEnd()
    .split('\n');
}
