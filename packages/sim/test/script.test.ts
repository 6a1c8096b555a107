// Scripts: every command does what it says, and a slip is named.

import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeMoment,
  describeReport,
  parseMs,
  perform,
  replayLine,
  retellTranscript,
  run,
  runScript,
  storm,
} from '@reeve/sim';

/** A cluster after some lines. */
function after(...lines: readonly string[]) {
  return runScript(['nodes 3 seed 1 profile quick', ...lines]);
}

test('the first line says what is simulated', () => {
  const simulation = runScript(['nodes 4 seed 9 profile wan apart']);
  equal(simulation.nodes.length, 4);
  equal(simulation.now, 0);
  ok(simulation.nodes.every(({ isRunning }) => !isRunning));
  const encrypted = runScript(['nodes 2 encrypted snapshots reclaim 3s', 'run 1s']);
  ok(encrypted.nodes.every(({ serf }) => serf?.encryptionEnabled && serf.members().length === 2));
  ok(encrypted.nodes.every(({ host }) => host.files.paths.includes('/data/snapshot')));
});

test('commands for nodes', () => {
  const simulation = after(
    'crash n2',
    'run 15s',
    'start n2',
    'run 100ms',
    'join n2 n1',
    'tags n2 role=web',
    'run 5s',
  );
  const [n1, n2, n3] = simulation.nodes;
  equal(n2?.life, 2);
  equal(
    n1?.serf
      ?.members()
      .find(({ name }) => name === 'n2')
      ?.tags.get('role'),
    'web',
  );
  perform(simulation, 'event anyone deploy v2 now');
  perform(simulation, 'block n3 for 500ms');
  perform(simulation, 'run 3s');
  equal(n3?.told.at(-1)?.kind, 'user');
  perform(simulation, 'leave n2');
  perform(simulation, 'power-cut n3 keep 5');
  perform(simulation, 'run 15s');
  ok(!n2?.isRunning && !n3?.isRunning);
  perform(simulation, 'force-leave n1 n3 prune');
  perform(simulation, 'move n3 10.7.7.7');
  deepEqual(
    n1?.serf?.members().map(({ name, status }) => `${name} ${status}`),
    ['n1 alive', 'n2 left'],
  );
  equal(n3?.host.ip, '10.7.7.7');
});

test('faults of the network, for a while or until heal', () => {
  for (const [line, key] of [
    ['loss 50%', 'packetsLost'],
    ['loss 100% from n1 to n2', 'packetsLost'],
    ['duplicate 50% within 20ms', 'packetsRepeated'],
    ['reorder 100% by 2s', 'packetsOvertaking'],
    ['latency 1ms..2s', 'packetsOvertaking'],
    ['latency 100ms tail', 'packetsOvertaking'],
    ['partition n1', 'packetsCutOff'],
    ['partition n1,n2 from n3', 'packetsCutOff'],
    ['cut n1', 'packetsCutOff'],
    ['cut n1 to n2,n3', 'packetsCutOff'],
  ] as const) {
    const simulation = after(`${line} for 3s`, 'run 3s');
    const count = () => simulation.happened[key];
    ok(count() > 0, line);
    perform(simulation, 'run 10s'); // what is under way still arrives
    const ended = count();
    perform(simulation, 'run 5s');
    ok(count() - ended <= usual, `${line} ends`);

    perform(simulation, line);
    perform(simulation, 'run 3s');
    ok(count() > ended, `${line} begins again`);
    perform(simulation, 'heal');
    perform(simulation, 'run 10s');
    const healed = count();
    perform(simulation, 'run 5s');
    ok(count() - healed <= usual, `${line} is healed`);
  }
});

/** So many packets overtake others within some seconds without a fault. */
const usual = 3;

test('a constant latency holds for packets and streams', () => {
  const simulation = after('latency 700ms', 'run 10s');
  match(
    simulation
      .node('n1')
      .log.map(({ text }) => text)
      .join('\n'),
    /Failed ping/,
  );
});

test('settle finds what is not in order, rest who changes their mind', () => {
  equal(after('crash n2', 'settle 30s').violation, undefined);
  match(after('crash n2', 'settle 1s').violation?.sentence ?? '', /has n2 as alive/);
  equal(after('settle 1s', 'rest 10s', 'crash n2', 'run 10s').violation, undefined);
  match(after('crash n2', 'rest 10s').violation?.sentence ?? '', /takes n2 for suspect/);
});

test('a slip is named', () => {
  const slips = [
    ['frobnicate n1', 'there is no command "frobnicate"'],
    ['crash', 'crash: a node is missing'],
    ['crash n9', 'there is no node "n9"'],
    ['crash n1 hard', 'crash n1 hard: what does "hard" mean here?'],
    ['run 5', '"5" is no time, such as 300ms or 5s'],
    ['loss 120%', '"120%" is no share, such as 20%'],
    ['loss half', '"half" is no share, such as 20%'],
    ['block n1', 'block n1: "for" is missing'],
    ['loss 5% for', 'loss 5% for: something is missing behind "for"'],
    ['tags n1 role', '"role" is no tag, such as role=web'],
  ] as const;
  for (const [line, sentence] of slips) {
    throws(
      () => after(line),
      (error: Error) => error.name === 'ScriptError' && error.message.includes(sentence),
      line,
    );
  }
  throws(() => runScript(['run 5s']), /a script begins with "nodes"/);
  throws(() => runScript(['nodes many']), /"many" is no number from 1 to 10000/);
  throws(() => runScript(['nodes 3 profile space']), /there is no profile "space"/);
  throws(() => runScript(['nodes 3 sea 5']), /what does "sea" mean here/);
});

test('times', () => {
  deepEqual(['300ms', '5s', '1.5s', '2m'].map(parseMs), [300, 5_000, 1_500, 120_000]);
  throws(() => parseMs(`${'3'.repeat(400)}m`), /is no time/);
});

test('a storm is a script, and goes the same way when it is cut short', () => {
  const script = storm(8);
  match(script[0] ?? '', /^nodes \d seed 8 profile \w+ reclaim \d+ms .*operator apart$/);
  const cut = runScript(script, 20_000);
  equal(cut.now, 20_000);
  equal(runScript(script, 20_000).trace, cut.trace);
  equal(cut.violation, undefined);
});

test('a moment is told with tables and the log', () => {
  const told = describeMoment(after('crash n2', 'run 15s', 'block n3 for 9s'), 12_000).join('\n');
  match(told, /n1 \[INFO\] memberlist: Suspect n2 has failed, no acks received/);
  match(told, /n1 \(10\.0\.0\.1, life 1, up\): n1 alive\/alive\/1, n2 failed\/dead\/1, n3 alive\/alive\/1/);
  match(told, /n2 \(10\.0\.0\.2, life 1, down\)\n/);
  match(told, /n3 \(10\.0\.0\.3, life 1, blocked\)/);
});

test('a report says what happened, that nothing did, and how to see a failure again', () => {
  const idle = describeReport(run(['nodes 2 seed 3', 'run 5s'])).join('\n');
  match(idle, /^2 nodes, 5\.\d s, \d+ steps, trace [0-9a-f]{16}\nwhat happened: \d+ packets\n/);
  match(idle, /this proves nothing\nevery property held$/);
  const { violation } = run(['nodes 2 seed 3', 'crash n2', 'settle 1s']);
  ok(violation);
  equal(replayLine(3, violation), 'npm run sim -- --seed 3 --until 2s');
  const longer = 'npm run sim -- --scenario long-partition --seed 3 --until 2s';
  equal(replayLine(3, violation, 'long-partition'), longer);
});

test('a transcript is told again with the answers of now', () => {
  const told = retellTranscript('# two\nnodes 2\nmembers n1\n----\nwrong\n\ncrash n2\nhappened\n----\nold');
  equal(
    told.replace(/\d+ packets/, 'some packets'),
    [
      ...['# two', 'nodes 2', 'members n1', '----', 'n1 alive inc=1', 'n2 alive inc=1', ''],
      ...['crash n2', 'happened', '----', 'some packets, 1 crashes', ''],
    ].join('\n'),
  );
  throws(() => retellTranscript('nodes 2\nmembers n1\n'), /questions without a "----"/);
});
