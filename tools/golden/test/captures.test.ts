// Every capture is read by the reader of its folder, and the readers refuse what is not theirs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CaptureError,
  captureNames,
  readDig,
  readPlain,
  readProbes,
  readRpc,
  readTranscript,
  readWire,
} from '@reeve/golden';

test('every packet capture has bytes, and as many as its note states', () => {
  for (const name of namesIn('wire')) {
    if (name.startsWith('probe-responses') || name.startsWith('agent-log')) continue;
    for (const block of readWire(name).blocks) {
      assert.ok(block.bytes.length > 0, name);
      assert.equal(block.cutBytes, 0, name);
    }
  }
});

test('a datagram is read to the last byte', () => {
  const nack = readWire('udp-nack');
  assert.deepEqual(nack.bytes, Uint8Array.of(0x0b, 0x81, 0xa5, 0x53, 0x65, 0x71, 0x4e, 0x6f, 0x59));
  assert.match(nack.command, /^serf agent -node=alpha /);
});

test('a push/pull is read in both directions, with what the recorder decompressed', () => {
  const [out, back] = readWire('tcp-pushpull-join').blocks;
  assert.match(out.label, /\(initiator -> acceptor\), 226 bytes$/);
  assert.equal(out.bytes.length, 226);
  assert.deepEqual(
    out.unpacked.map((plain) => plain.length),
    [695],
  );
  assert.equal(out.unpacked[0]?.[0], 6, 'what is inside is a push/pull');
  assert.match(back?.label ?? '', /\(acceptor -> initiator\), 253 bytes$/);
});

test('a capture without a bytes header is read too', () => {
  assert.equal(readWire('tcp-ping-fallback').bytes.length, 63);
});

test('every RPC conversation is read, and only two of its answers are cut', () => {
  const cut: string[] = [];
  for (const name of namesIn('rpc')) {
    for (const { label, request, responses } of readRpc(name)) {
      assert.ok(request.bytes.length > 0, `${name}: ${label}`);
      if (responses.some((response) => response.cutBytes > 0)) cut.push(`${name}: ${label}`);
    }
  }
  assert.deepEqual(cut, ['monitor: monitor debug', 'pipelined: pipelined: stats + members in one write']);
});

test('an RPC conversation tells its connections apart and who closed them', () => {
  const auth = readRpc('auth');
  assert.deepEqual(
    auth.map(({ connection, closed }) => [connection, closed]),
    [[0, true], ...Array.from({ length: 5 }, () => [1, false])],
  );
  assert.equal(auth[0]?.label, 'auth before handshake');
  assert.equal(auth[0]?.responses[0]?.bytes.length, 31);
  assert.deepEqual(readRpc('garbage').at(-1)?.responses, []);
  assert.equal(readRpc('garbage').at(-1)?.closed, true);
});

test('probes pair what was sent with every reply', () => {
  const probes = readProbes('probe-responses-0.9.4');
  assert.equal(probes.length, 30);
  const three = probes.find(({ label }) => label === 'UDP compound of 3 pings');
  assert.deepEqual(
    three?.responses.map(({ bytes }) => bytes.length),
    [152, 152, 152],
  );
  const long = probes.find(({ request }) => request.cutBytes > 0);
  assert.equal(long?.request.cutBytes, 2177);
  assert.deepEqual(long?.responses, []);
  const ping = probes.find(({ label }) => label === 'TCP ping over TCP, not compressed');
  assert.equal(ping?.closed, true);
  assert.equal(ping?.responses[0]?.unpacked[0]?.length, 20);
});

test('every command capture has its arguments, its output and its exit code', () => {
  for (const name of [...captureNames('cli'), ...captureNames('cli-0.10.1')]) {
    const { argv, exit, stdout, stderr } = readTranscript(name);
    assert.ok(argv.length > 0, name);
    assert.ok(Number.isInteger(exit), name);
    assert.doesNotMatch(stdout + stderr, /^Usage: /m, `${name} still has help text`);
  }
});

test('a command capture keeps stdout, stderr and exit code apart', () => {
  const { stdout, stderr, exit } = readTranscript('cli/flag-bad-bool');
  assert.equal(stdout, '<help>\n');
  assert.equal(stderr, 'invalid boolean value "maybe" for -coalesce: parse error\n');
  assert.equal(exit, 1);
});

test('quotes of the recorded shell are undone', () => {
  assert.deepEqual(readTranscript('cli/event-nocoalesce').argv.slice(-2), ['deploy2', 'line1\nline2']);
  assert.deepEqual(readTranscript('cli/event-empty-payload').argv.slice(-2), ['name', '']);
  assert.deepEqual(readTranscript('cli/members-name').argv.at(-1), '-name=al.*');
});

test('notes of the recorder are kept apart from the output', () => {
  const { notes } = readTranscript('agent/sigint-twice');
  assert.deepEqual(notes, ['signals: INT sent at 1500 ms, INT sent at 1700 ms; exited 1707 ms after start']);
});

test('a plain capture is the text after its command', () => {
  const { command, text } = readPlain('snapshot/after-compaction');
  assert.match(command, /^serf agent /);
  assert.match(text, /^alive: /m);
  assert.doesNotMatch(text, /^\$ /m);
});

test('a capture of dig has the question, and the answer in sections', () => {
  const dig = readDig('config/recursor-external-cname-a');
  assert.deepEqual(
    [dig.name, dig.type, dig.transport, dig.payloadBytes],
    ['ext-web.service.consul.', 'A', 'udp', 1_232],
  );
  assert.match(dig.remarks, /CNAME followed/);
  assert.equal(dig.answer?.flags, 'qr aa rd ra');
  assert.deepEqual(dig.answer?.edns, ['udp: 1232']);
  assert.deepEqual(dig.answer?.answers, [
    'ext-web.service.consul. 5 IN CNAME www.example.invalid.',
    'www.example.invalid. 5 IN A 203.0.113.5',
  ]);
  assert.equal(dig.answer?.bytes, 100);
  assert.equal(readDig('ptr/node').name, '3.1.0.127.in-addr.arpa.');
  assert.equal(readDig('zone/axfr').answer, undefined);
});

test('a reader refuses a capture of another kind', () => {
  assert.throws(() => readWire('agent-log-with-foreign-tcp-only-member'), CaptureError);
  assert.throws(() => readTranscript('snapshot/after-compaction'), CaptureError);
  assert.throws(() => readProbes('udp-ping'), CaptureError);
  assert.throws(() => readWire('no-such-capture'), { code: 'ENOENT' });
});

function namesIn(folder: string): string[] {
  return captureNames(folder).map((name) => name.slice(folder.length + 1));
}
