// Snapshots of operators that are none: a little that unpacks to very much, sums that are wrong, files that
// lie about their size; and states that are true, but of more than anybody has.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { stream } from '../../hostile-class.ts';
import { noise } from '../../wire/messages.ts';
import { pack } from '../../wire/pack.ts';
import { type ConsulClass, type ConsulInput, endless, pause } from '../consul-class.ts';
import { httpRequest, promisedBody } from '../wire/http.ts';
import { connectionBytes } from '../wire/server-port.ts';

/** To HTTP and to the server port. */
export const archives: ConsulClass = {
  name: 'archives',
  title: 'snapshot archives: bombs, wrong sums, lying sizes, more records than fit',
  *inputs({ isBrief }) {
    const large = isBrief ? 50_000_000 : 1_000_000_000;
    const bad = [
      Buffer.alloc(0),
      noise(10_000, 1),
      gzipSync(noise(10_000, 1)),
      gzipSync(Buffer.alloc(large)),
      gzipSync(Buffer.concat([tarHeader('state.bin', 2 ** 33 - 1), Buffer.alloc(large)])),
      gzipSync(Buffer.concat([tarHeader('meta.json', large), Buffer.alloc(large, 0x20)])),
      gzipSync(Buffer.concat(Array.from({ length: 20_000 }, (_, at) => tarHeader(`file-${at}`, 0)))),
      archive(state(10), 'meta.json'),
      archive(state(10)).subarray(0, 200),
      archive(Buffer.concat([state(10), noise(100, 2)])),
      archive(state(10), 'SHA256SUMS'),
      archive(state(isBrief ? 200_000 : 9_000_000), 'SHA256SUMS'),
    ];
    for (const bytes of bad) {
      yield stream('http', [httpRequest('PUT', '/v1/snapshot', bytes)]);
      yield pause(isBrief ? 300 : 2_000);
      yield onPort(bytes);
      yield pause(isBrief ? 300 : 2_000);
    }
    for (let left = isBrief ? 20 : 80; left > 0; left--) {
      yield stream('http', [promisedBody('PUT', '/v1/snapshot', 2 ** 30), bad[3] ?? Buffer.alloc(0)]);
      yield endless(
        'http',
        promisedBody('PUT', '/v1/snapshot', 2 ** 30),
        noise(1 << 20, 3),
        isBrief ? 10 : 60,
      );
    }
    yield pause(2_000);
  },
};

/** The archive is sent on the server port, behind its question. */
function onPort(bytes: Uint8Array): ConsulInput {
  const question = pack({ AllowStale: false, Datacenter: 'dc1', Op: 1, Token: '' });
  return { ...stream('server', [Buffer.of(connectionBytes.snapshot), question, bytes]), isEnded: true };
}

/** A whole archive; one of its files can have been changed afterwards. */
function archive(content: Uint8Array, wrong?: string): Buffer {
  const fields = { Version: 1, ID: '2-10-1', Index: 10, Term: 2, Peers: 'kA==', Size: content.length };
  const meta = Buffer.from(
    JSON.stringify({ ...fields, Configuration: { Servers: [] }, ConfigurationIndex: 1 }),
  );
  const sums = `${sumOf(meta)}  meta.json\n${sumOf(content)}  state.bin\n`;
  const files: [string, Uint8Array][] = [
    ['meta.json', meta],
    ['state.bin', content],
    ['SHA256SUMS', Buffer.from(wrong === 'SHA256SUMS' ? sums.replace(/^./, 'g') : sums)],
  ];
  if (wrong === 'meta.json') files[0] = ['meta.json', Buffer.concat([meta, Buffer.of(0x20)])];
  const parts = files.flatMap(([name, bytes]) => [
    tarHeader(name, bytes.length),
    bytes,
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ]);
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1_024)]), { level: 1 });
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A state of so many keys. */
function state(keys: number): Buffer {
  const type = 2;
  const header = pack({ LastIndex: 10 });
  const record = (at: number) => ({
    CreateIndex: 1,
    Flags: 0,
    Key: at.toString(36),
    LockIndex: 0,
    ModifyIndex: 1,
  });
  const one = Buffer.concat([
    Buffer.of(type),
    pack({ ...record(0), Key: 'aaaaaaaa', Session: '', Value: null }),
  ]);
  const all = Buffer.alloc(one.length * keys, one);
  const keyOffset = one.indexOf('aaaaaaaa');
  for (let at = 0; at < keys; at++)
    all.write(at.toString(36).padStart(8, '0'), at * one.length + keyOffset, 'latin1');
  return Buffer.concat([header, all]);
}

/** A file in a tar, of the size that it says. */
function tarHeader(name: string, bytes: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
