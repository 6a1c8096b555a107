// What agents of both programs tell of themselves: their machine, their metrics, a line for each request.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { ConsulAgent, consul187, consulMissing, eventually, type Program, reeveConsul } from '@reeve/interop';

describe('agents of both programs', { skip: consulMissing() }, () => {
  test('T1-4: the machine is the same, whoever looks at it', async (t) => {
    const [theirs, ours] = await both(t, (agent) => agent.getJson('/v1/agent/host'));
    assert.deepEqual(steady(ours), steady(theirs));
    assert.deepEqual(fieldsOf(ours), fieldsOf(theirs));
  });

  test('T1-4: metrics are of one shape, and those of the same name of the same kind', async (t) => {
    const [theirs, ours] = await both(t, async (agent) => {
      await agent.get('/v1/kv/ready');
      return (await agent.getJson('/v1/agent/metrics')) as Metrics;
    });
    assert.deepEqual(Object.keys(ours), Object.keys(theirs));
    assert.match(ours.Timestamp, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d0 \+0000 UTC$/);
    for (const kind of ['Gauges', 'Counters', 'Samples'] as const) {
      const known = new Map(theirs[kind].map((metric) => [metric.Name, metric]));
      const shared = ours[kind].filter(({ Name }) => known.has(Name));
      assert.ok(shared.length > 0, `${kind}: ${shared.map(({ Name }) => Name)}`);
      for (const metric of shared) {
        assert.deepEqual(Object.keys(metric), Object.keys(known.get(metric.Name) ?? {}), metric.Name);
      }
    }
  });

  test('T1-1: a request is logged when it is finished, without its token', async (t) => {
    const [theirs, ours] = await both(t, async (agent) => {
      await agent.request('GET', '/v1/kv/a?token=sesame&raw');
      await agent.request('PUT', '/v1/acl/info/sesame');
      await agent.request('GET', '/v1/kv/?token=other');
      await agent.request('GET', '/v1/kv/b?token=');
      let lines: readonly string[] = [];
      await eventually('all is logged', () => {
        lines = linesOf(agent.child.stdout);
        assert.equal(lines.length, 5, lines.join('\n'));
      });
      assert.ok(!agent.child.stdout.includes('sesame'));
      return lines;
    });
    assert.deepEqual(ours, theirs);
  });
});

interface Metrics {
  readonly Timestamp: string;
  readonly Gauges: readonly Metric[];
  readonly Counters: readonly Metric[];
  readonly Samples: readonly Metric[];
}

interface Metric {
  readonly Name: string;
}

async function both<T>(
  t: TestContext,
  look: (agent: ConsulAgent) => Promise<T>,
): Promise<readonly [theirs: T, ours: T]> {
  const start = async (program: Program) => look(await ConsulAgent.startOf(program, t, '-serf-wan-port=-1'));
  return Promise.all([start(consul187), start(reeveConsul)]);
}

/** What does not change from one moment to the next; nor what we do not look for. */
function steady(host: unknown): unknown {
  const { Memory, CPU, Host, Disk, Errors } = host as Record<string, Record<string, unknown>>;
  const { uptime, bootTime, procs, virtualizationSystem, virtualizationRole, ...system } = Host ?? {};
  const processors = (CPU as unknown as Record<string, unknown>[]).map(({ mhz, ...cpu }) => cpu);
  const { total, swaptotal, hugepagesize, vmalloctotal } = Memory ?? {};
  const { path, fstype, total: size } = Disk ?? {};
  return { processors, system, total, swaptotal, hugepagesize, vmalloctotal, path, fstype, size, Errors };
}

/** The names of all fields, in their order. */
function fieldsOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value).map(([name, item]) => [name, fieldsOf(item)]);
}

/** Of the requests that name a token, without what differs from run to run. */
function linesOf(log: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) => /agent\.http: Request .*<hidden>/.test(line))
    .map((line) =>
      line
        .replace(/^.*?Z /, '')
        .replace(/from=\S+/, 'from=')
        .replace(/latency=\S+$/, 'latency='),
    );
}
