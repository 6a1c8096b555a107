// Random bytes as texts, base64 and addresses.

import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import {
  DecodeError,
  decodeBase64,
  decodeText,
  encodeBase64,
  encodeText,
  formatIp,
  parseIp,
} from '@reeve/bytes';
import { type FuzzTarget, Refused } from '@reeve/fuzz';
import { decodeTextRange } from '../../dist/text.js';
import { toHex } from '../hex.ts';

const texts: FuzzTarget = {
  name: 'texts',
  promise: 'any bytes survive as text, and those that are UTF-8 are the text they say',
  seeds: ['node-1', 'grün €', 'a😀\ufeff', 'x'.repeat(40)].map((text) => encodeText(text)),
  open: () => ({
    run: (input) => {
      const text = decodeText(input);
      assert.ok(Buffer.compare(encodeText(text), input) === 0);
      assert.equal(decodeTextRange(Buffer.concat([input, input]), input.length, 2 * input.length), text);
      if (isUtf8(input)) assert.equal(text, Buffer.from(input).toString());
    },
  }),
};

const base64: FuzzTarget = {
  name: 'base64',
  promise: 'base64 decodes to what encodes to the same digits, or is refused at a byte of the input',
  seeds: ['Zm9vYmFy', 'Zm9vYg==', 'Zm8=', 'Zm\r\n9v\n'].map((text) => encodeText(text)),
  open: () => ({
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
  }),
  refuses: (error) =>
    error instanceof DecodeError && error.message.startsWith('illegal base64 data at input byte '),
};

const addressTexts: FuzzTarget = {
  name: 'addresses as text',
  promise: 'a text is an address that comes back from its bytes, or none',
  seeds: ['127.0.0.1', '::1', '2001:db8::ff:0:1', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8'].map((text) =>
    encodeText(text),
  ),
  open: () => ({
    run: (input) => {
      const bytes = parseIp(decodeText(input));
      if (bytes === undefined) throw new Refused();
      assert.ok(bytes.length === 4 || bytes.length === 16);
      assert.deepEqual(parseIp(formatIp(bytes) ?? ''), bytes);
    },
  }),
};

const addressBytes: FuzzTarget = {
  name: 'addresses as bytes',
  promise: 'bytes of 4 and 16 are an address with a text, others have none',
  seeds: [
    new Uint8Array(4),
    new Uint8Array(16),
    encodeText('\0\0\0\0\0\0\0\0\0\0\udcff\udcff\u0001\u0002\u0003\u0004'),
  ],
  open: () => ({
    run: (input) => {
      const text = formatIp(input);
      assert.equal(text !== undefined, input.length === 4 || input.length === 16);
      if (text === undefined) throw new Refused();
      assert.ok(toHex(input).endsWith(toHex(parseIp(text) ?? input)));
    },
  }),
};

export const textTargets: readonly FuzzTarget[] = [texts, base64, addressTexts, addressBytes];
