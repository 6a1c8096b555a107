// Events as `serf monitor` prints them, in Go's syntax.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError, MsgpackWriter, rpcDialect } from '@reeve/bytes';
import { eventLines } from '../../dist/cli/go-syntax.js';

test('values print as Go prints what go-msgpack makes of them', () => {
  assert.equal(
    printed((writer) => writer.integer(5)),
    '5',
  );
  assert.equal(
    printed((writer) => writer.integer(-5)),
    '-5',
  );
  assert.equal(
    printed((writer) => writer.integer(200)),
    '0xc8',
  );
  assert.equal(
    printed((writer) => writer.integer(7946)),
    '0x1f0a',
  );
  assert.equal(
    printed((writer) => writer.boolean(true)),
    'true',
  );
  assert.equal(
    printed((writer) => writer.nil()),
    '<nil>',
  );
  assert.equal(
    printed((writer) => writer.text('a "b"\n')),
    '"a \\"b\\"\\n"',
  );
  assert.equal(
    printed((writer) => writer.bytes(Uint8Array.of(0, 0x76))),
    '[]byte{0x0, 0x76}',
  );
  assert.equal(
    printed((writer) => writer.bytes(new Uint8Array(0))),
    '[]byte{}',
  );
});

test('inside lists and maps types are spelt out and keys are sorted', () => {
  const value = printed((writer) => {
    writer.arrayHeader(1);
    writer.mapHeader(3);
    writer.text('Tags');
    writer.mapHeader(0);
    writer.text('Addr');
    writer.bytes(Uint8Array.of(127));
    writer.text('Name');
    writer.nil();
  });
  assert.equal(
    value,
    '[]interface {}{map[interface {}]interface {}{"Addr":[]uint8{0x7f}, "Name":interface {}(nil), ' +
      '"Tags":map[interface {}]interface {}{}}}',
  );
});

test('what is no map, or nests without end, is refused', () => {
  assert.throws(() => eventLines(Uint8Array.of(0x05)), DecodeError);
  const deep = Uint8Array.from([0x81, 0xa1, 0x61, ...Array(5000).fill(0x91), 0xc0]);
  assert.throws(() => eventLines(deep), DecodeError);
});

function printed(write: (writer: MsgpackWriter) => void): string {
  const writer = new MsgpackWriter(rpcDialect);
  writer.mapHeader(1);
  writer.text('Key');
  write(writer);
  const [line = ''] = eventLines(writer.finish());
  return line.slice('\tKey: '.length);
}
