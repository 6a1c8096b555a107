// Serf messages inside captured packets and streams.

import assert from 'node:assert/strict';
import { MsgpackReader } from '@reeve/bytes';
import { readWire } from '@reeve/golden';

/**
 * The last serf message of a captured datagram, behind checksum, compression and compound, if there are any.
 */
export function serfMessage(name: string): Uint8Array {
  const [{ bytes, unpacked }] = readWire(name).blocks;
  const checked = bytes[0] === 12 ? bytes.subarray(5) : bytes;
  const plain = checked[0] === 9 ? (unpacked[0] ?? checked) : checked;
  const user = partsOf(plain).findLast(([type]) => type === 8);
  assert.ok(user, `${name} has a user message`);
  return user.slice(1);
}

/** A compound (7) is a count, that many lengths and that many messages. */
function partsOf(packet: Uint8Array): readonly Uint8Array[] {
  const [type, count = 0] = packet;
  if (type !== 7) return [packet];
  const view = new DataView(packet.buffer, packet.byteOffset);
  let at = 2 + 2 * count;
  return Array.from({ length: count }, (_, part) => {
    const start = at;
    at += view.getUint16(2 + 2 * part);
    return packet.subarray(start, at);
  });
}

/** The user state of a captured push/pull: its last bytes, as many as the header says. */
export function userState(name: string): Uint8Array {
  const [plain] = readWire(name).blocks[0].unpacked;
  assert.ok(plain, `${name} was decompressed by the recorder`);
  const key = Buffer.from(plain).indexOf('UserStateLen');
  const length = new MsgpackReader(plain, key + 'UserStateLen'.length).readInteger();
  return plain.slice(plain.length - length);
}
