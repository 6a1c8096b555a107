// Addresses at the edges of their groups, and against the platform's own parser.

import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import { formatIp, isIp, parseIp } from '@reeve/bytes';
import fc from 'fast-check';
import { fromHex, toHex } from './hex.ts';

/** Sixteen bits of an address, zero as often as not. */
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));

function parsed(text: string): string | undefined {
  const bytes = parseIp(text);
  return bytes && toHex(bytes);
}

test('addresses are parsed to 4 or 16 bytes', () => {
  const addresses = {
    '127.0.7.1': '7f000701',
    '0.0.0.0': '00000000',
    '255.255.255.255': 'ffffffff',
    '199.200.249.250': 'c7c8f9fa',
    '9.10.99.100': '090a6364',
    '::': '00'.repeat(16),
    '::1': `${'00'.repeat(15)}01`,
    '1::': `0001${'00'.repeat(14)}`,
    '2001:DB8::a': `20010db8${'00'.repeat(11)}0a`,
    '1:2:3:4:5:6:7:8': '00010002000300040005000600070008',
    '0001:2:3:4:5:6:7::': '00010002000300040005000600070000',
    '::2:3:4:5:6:7:8': '00000002000300040005000600070008',
    '64:ff9b::1.2.3.4': `0064ff9b${'00'.repeat(8)}01020304`,
    '1:2:3:4:5:6:1.2.3.4': '00010002000300040005000601020304',
  };
  for (const [text, hex] of Object.entries(addresses)) assert.equal(parsed(text), hex, text);
});

test('an IPv4 address mapped into IPv6 is the IPv4 address, in both directions', () => {
  for (const text of ['::ffff:1.2.3.4', '::FFFF:102:304', '0:0:0:0:0:ffff:1.2.3.4']) {
    assert.equal(parsed(text), '01020304', text);
  }
  assert.equal(formatIp(fromHex(`${'00'.repeat(10)}ffff01020304`)), '1.2.3.4');
  assert.equal(formatIp(fromHex(`${'00'.repeat(10)}fffe01020304`)), '::fffe:102:304');
  assert.equal(formatIp(fromHex(`${'00'.repeat(10)}00ff01020304`)), '::ff:102:304');
  assert.equal(formatIp(fromHex(`01${'00'.repeat(9)}ffff01020304`)), '100::ffff:102:304');
});

test('what is not exactly an address is none', () => {
  const texts = [
    '',
    ' ',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.04',
    '1.2.3.-4',
    '1.2.3.4 ',
  ];
  texts.push('1..3.4', '1.2.3.4/8', '0x1.2.3.4', '1.2.3.4:80', '١.2.3.4', 'localhost');
  texts.push(
    ':',
    ':::',
    '1:2',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    ':1::2',
  );
  texts.push(
    '1::2:',
    '12345::',
    'g::',
    '::1%eth0',
    '[::1]',
    '1.2.3.4::',
    '::1.2.3',
    '::1.2.3.4:5',
    '::1.2.3.256',
  );
  texts.push(
    '1:2:3:4:5:6:7:1.2.3.4',
    '1:2:3:4:5:6:7::1.2.3.4',
    '1:2:3:4::5:6:7:8',
    '300.1.1.1',
    '260.1.1.1',
    '::ffff:1.2.3.04',
    ' ::1',
    `${'0:'.repeat(40)}1`,
  );
  for (const text of texts) assert.equal(isIp(text), false, text);
  assert.equal(isIp('::1') && isIp('10.0.0.1'), true);
});

test('IPv6 is written in lower case, without leading zeros, its first longest run of zeros cut', () => {
  const addresses = {
    '::': '::',
    '::1': '::1',
    '1::': '1::',
    '2001:0DB8::000a': '2001:db8::a',
    '1:0:2:3:4:5:6:7': '1:0:2:3:4:5:6:7',
    '1:0:0:2:0:0:3:4': '1::2:0:0:3:4',
    '1:0:0:2:0:0:0:3': '1:0:0:2::3',
    '0:0:1:2:3:4:0:0': '::1:2:3:4:0:0',
    '1:2:3:4:5:6:0:0': '1:2:3:4:5:6::',
    '::1.2.3.4': '::102:304',
  };
  for (const [text, canonical] of Object.entries(addresses)) {
    assert.equal(formatIp(parseIp(text) ?? new Uint8Array(0)), canonical);
  }
});

test('an address of another length has no text', () => {
  for (const bytes of [0, 1, 3, 5, 15, 17, 32]) assert.equal(formatIp(new Uint8Array(bytes)), undefined);
});

test('IPv6 is written as the URL standard writes it too', () => {
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = Uint8Array.from([1, ...groups.flatMap((value) => [value >> 8, value & 0xff]).slice(1)]);
      assert.equal(
        `[${formatIp(bytes)}]`,
        new URL(`http://[${toHex(bytes).replace(/....\B/g, '$&:')}]`).hostname,
      );
    }),
  );
});

test('every address comes back from its text', () => {
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = Uint8Array.from(groups.flatMap((value) => [value >> 8, value & 0xff]));
      const text = formatIp(bytes) ?? '';
      assert.ok(isIPv6(text) || isIPv4(text), text);
      assert.equal(toHex(parseIp(text) ?? new Uint8Array(0)), toHex(bytes).replace(/^0{20}ffff/, ''));
    }),
  );
});

test('texts that look like addresses are judged as by the platform', () => {
  const piece = fc.constantFrom(
    '1',
    '0',
    'ff',
    'abcd',
    '::',
    ':',
    '.',
    '1.2.3.4',
    '255',
    '256',
    '00',
    'ffff',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      assert.equal(isIp(text), isIPv4(text) || isIPv6(text), text);
    }),
    { numRuns: 2000 },
  );
});
