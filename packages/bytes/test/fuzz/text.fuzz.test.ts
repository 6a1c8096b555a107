// Random bytes as texts, base64 and addresses.

import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import {
  DecodeError,
  decodeBase64,
  decodeText,
  encodeBase64,
  encodeText,
  formatIp,
  parseIp,
} from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';
import { toHex } from '../hex.ts';

const none = () => false;

test('any bytes survive as text, and those that are UTF-8 are the text they say', () => {
  const counts = fuzzTarget({
    name: 'text',
    seeds: ['node-1', 'grün €', 'a😀\ufeff', 'x'.repeat(40)].map((text) => encodeText(text)),
    run: (input) => {
      const text = decodeText(input);
      assert.ok(Buffer.compare(encodeText(text), input) === 0);
      if (isUtf8(input)) assert.equal(text, Buffer.from(input).toString());
    },
    allow: none,
  });
  assert.equal(counts.rejected, 0);
});

test('base64 decodes to what encodes to the same digits, or is refused at a byte of the input', () => {
  const counts = fuzzTarget({
    name: 'base64',
    seeds: ['Zm9vYmFy', 'Zm9vYg==', 'Zm8=', 'Zm\r\n9v\n'].map((text) => encodeText(text)),
    run: (input) => {
      const text = decodeText(input);
      const digits = (each: string) => each.replace(/[\r\n]/g, '').replace(/.(?==)/, '');
      try {
        assert.equal(digits(encodeBase64(decodeBase64(text))), digits(text));
      } catch (error) {
        const at = error instanceof DecodeError ? Number(/ (\d+)$/.exec(error.message)?.[1]) : -1;
        assert.ok(at >= 0 && at <= input.length, String(error));
        throw error;
      }
    },
    allow: (error) =>
      error instanceof DecodeError && error.message.startsWith('illegal base64 data at input byte '),
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});

test('a text is an address that comes back from its bytes, or none', () => {
  let addresses = 0;
  fuzzTarget({
    name: 'ip',
    seeds: ['127.0.0.1', '::1', '2001:db8::ff:0:1', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8'].map((text) =>
      encodeText(text),
    ),
    run: (input) => {
      const bytes = parseIp(decodeText(input));
      if (bytes === undefined) return;
      addresses++;
      assert.ok(bytes.length === 4 || bytes.length === 16);
      assert.deepEqual(parseIp(formatIp(bytes) ?? ''), bytes);
    },
    allow: none,
  });
  assert.ok(addresses > 0);
});

test('bytes of 4 and 16 are an address with a text, others have none', () => {
  fuzzTarget({
    name: 'formatIp',
    seeds: [
      new Uint8Array(4),
      new Uint8Array(16),
      encodeText('\0\0\0\0\0\0\0\0\0\0\udcff\udcff\u0001\u0002\u0003\u0004'),
    ],
    run: (input) => {
      const text = formatIp(input);
      assert.equal(text !== undefined, input.length === 4 || input.length === 16);
      if (text !== undefined) assert.ok(toHex(input).endsWith(toHex(parseIp(text) ?? input)));
    },
    allow: none,
  });
});
