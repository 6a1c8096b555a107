// T2-4: the archive of a snapshot: what is written can be read, what is damaged or endless is refused.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { concatBytes } from '@reeve/bytes';
import { readPlain } from '@reeve/golden';
import { pack } from 'tar-stream';
import { type ArchiveMetadata, readArchive, writeArchive } from '../../dist/snapshot-archive/index.js';

const state = new Uint8Array(200_000).map((_, at) => at % 251);
const metadata: ArchiveMetadata = {
  id: '2-217-1795289504093',
  index: 217,
  term: 2,
  peers: Uint8Array.from(Buffer.from('ka4xMjcuMC4wLjE6ODMwMA==', 'base64')),
  configuration: {
    servers: [{ suffrage: 'voter', id: 'd0000000-0000-4000-8000-000000000001', address: '127.0.0.1:8300' }],
  },
  configurationIndex: 1,
  stateBytes: state.length,
};

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function write(bytes = state, stateBytes = bytes.length): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of writeArchive({ ...metadata, stateBytes }, pieces(bytes, 10_000)))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function read(archive: Uint8Array, stateBytesMax = 1e6, size = 1000) {
  const parts: Uint8Array[] = [];
  const onState = (piece: Uint8Array) => {
    parts.push(piece);
  };
  const found = await readArchive(pieces(archive, size), { onState, stateBytesMax });
  return { metadata: found, state: concatBytes(parts) };
}

async function refused(archive: Uint8Array, message: string | RegExp, stateBytesMax?: number): Promise<void> {
  await assert.rejects(read(archive, stateBytesMax), { name: 'ArchiveError', message });
}

/** A compressed tar of these files. */
async function archiveOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}

test('T2-4: an archive comes back as it was written, in pieces of any size', async () => {
  const archive = await write();
  for (const size of [1, 1000, archive.length]) {
    const found = await read(archive, 1e6, size);
    assert.deepEqual(found.metadata, metadata);
    assert.deepEqual(found.state, state);
  }
});

test("T2-4: its metadata is the original's text", async () => {
  const tar = gunzipSync(await write()).toString('latin1');
  const [captured = ''] = readPlain('snapshot/archive', 'consul').text.match(/^\{"Version".*\}$/m) ?? [];
  const expected = captured.replace('"Size":14547', `"Size":${state.length}`);
  assert.ok(tar.includes(`${expected}\n`), expected);
});

test('T2-4: it holds three files, in this order, that only their owner may read', async () => {
  const tar = gunzipSync(await write());
  const names = ['meta.json', 'state.bin', 'SHA256SUMS'].map((name) => tar.indexOf(`${name}\0`));
  assert.deepEqual(
    names,
    names.toSorted((a, b) => a - b),
  );
  for (const at of names) assert.equal(tar.subarray(at + 100, at + 107).toString(), '000600 ');
  const sum = createHash('sha256').update(state).digest('hex');
  assert.ok(tar.includes(`${sum}  state.bin\n`));
});

test('a state of another length than announced makes no archive', async () => {
  await assert.rejects(write(state, state.length + 1));
  await assert.rejects(write(state, state.length - 1));
});

test('a state that fails while it is written fails the archive', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield state.subarray(0, 100);
    throw new Error('disk');
  }
  const reading = async () => {
    for await (const _ of writeArchive(metadata, failing())) void _;
  };
  await assert.rejects(reading(), { message: 'disk' });
});

test('what is not gzip is refused in the words of the original', async () => {
  await refused(Buffer.from('garbage'), 'failed to decompress snapshot: unexpected EOF');
  await refused(Buffer.alloc(0), 'failed to decompress snapshot: EOF');
  await refused(Buffer.from('more than ten bytes'), 'failed to decompress snapshot: gzip: invalid header');
});

test('an archive that is cut or damaged anywhere is refused', async () => {
  const archive = await write(state.subarray(0, 300));
  for (let at = 0; at < archive.length; at += 13) {
    await assert.rejects(read(archive.subarray(0, at)), { name: 'ArchiveError' }, `cut at ${at}`);
  }
  const damaged = Buffer.from(archive);
  damaged.writeUInt8((damaged.at(-6) ?? 0) ^ 1, damaged.length - 6);
  await refused(damaged, 'failed to read snapshot file: failed reading snapshot: gzip: invalid checksum');
});

test('sums that are wrong, missing or of other files are refused', async () => {
  const meta = JSON.stringify({ Version: 1, ID: 'a', Index: 1, Term: 1, Size: 1 });
  const sum = (text: string) => createHash('sha256').update(text).digest('hex');
  const files = (sums: string) => archiveOf({ 'meta.json': meta, 'state.bin': 'x', SHA256SUMS: sums });
  const right = `${sum(meta)}  meta.json\n${sum('x')}  state.bin\n`;
  assert.equal((await read(await files(right))).metadata.stateBytes, 1);
  const integrity = 'failed to read snapshot file: failed checking integrity of snapshot: ';
  await refused(
    await files(right.replace(sum('x'), sum('y'))),
    `${integrity}hash check failed for "state.bin"`,
  );
  await refused(
    await files(right.replace('state.bin', 'other')),
    `${integrity}list missing hash for "other"`,
  );
  await refused(await files(`${sum(meta)}  meta.json\n`), `${integrity}file missing for "state.bin"`);
  await refused(await files('nonsense'), `${integrity}invalid line`);
  await refused(await archiveOf({ 'meta.json': meta }), `${integrity}file missing for "meta.json"`);
});

test('files that do not belong there, twice the same, and metadata that is none are refused', async () => {
  await refused(
    await archiveOf({ '../etc/passwd': 'x' }),
    'failed to read snapshot file: unexpected file "../etc/passwd" in snapshot',
  );
  const sum = (text: string) => createHash('sha256').update(text).digest('hex');
  for (const meta of [
    '{',
    '[]',
    '{"ID":1}',
    '{"ID":"a","Index":-1}',
    '{"ID":"a","Index":9007199254740991}',
    '{"ID":"a","Index":1,"Term":1}',
    '{"ID":"a","Index":1,"Term":1,"Size":1,"Peers":"!"}',
  ]) {
    const sums = `${sum(meta)}  meta.json\n${sum('x')}  state.bin\n`;
    await refused(
      await archiveOf({ 'meta.json': meta, 'state.bin': 'x', SHA256SUMS: sums }),
      /^failed to read snapshot file: failed to decode snapshot metadata: /,
    );
  }
});

test('an archive that grows beyond its bound is refused before it has', async () => {
  const zeros = await write(new Uint8Array(20_000_000));
  assert.ok(zeros.length < 100_000);
  await refused(zeros, 'failed to read snapshot file: state.bin is larger than 1000000 bytes', 1e6);
  const bomb = gzipSync(new Uint8Array(20_000_000));
  await assert.rejects(read(bomb), { name: 'ArchiveError' });
});

test('who does not want the state ends the reading with his own error', async () => {
  const onState = () => Promise.reject(new Error('no room'));
  await assert.rejects(readArchive(pieces(await write(), 1000), { onState, stateBytesMax: 1e6 }), {
    message: 'no room',
  });
});
