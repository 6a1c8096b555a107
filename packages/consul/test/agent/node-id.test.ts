// Where the id of a node comes from. Upstream: agent/nodeid.go.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDisk, createRandom } from '@reeve/runtime/node';
import { findNodeId, type NodeIdSources } from '../../dist/agent/data-directory/node-id.js';
import type { IdentityConfig } from '../../dist/config/runtime-config.js';
import { loadSettings } from '../kit/load-text.js';

const id = 'adf4238a-882b-9ddc-4a9d-5b6758e4159e';

async function find(
  identity: Partial<IdentityConfig>,
  sources: Partial<NodeIdSources> = {},
): Promise<string> {
  const { config } = await loadSettings({});
  const all = { disk: createDisk(), random: createRandom(), hostId: undefined, ...sources };
  return new Promise((resolve, reject) => {
    findNodeId({ ...config.identity, ...identity }, all, (result) =>
      result.ok ? resolve(result.value) : reject(result.error),
    );
  });
}

test('T1-6: a node keeps the id it was given first, in a file that only it may read', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'reeve-node-id-'));
  try {
    const first = await find({ dataDir });
    assert.match(first, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(await find({ dataDir }), first);
    assert.equal(await readFile(join(dataDir, 'node-id'), 'utf8'), first);
    assert.equal((await stat(join(dataDir, 'node-id'))).mode & 0o777, 0o600);
    assert.equal(await find({ dataDir, nodeId: id.toUpperCase() }), id, 'what is configured wins');
    await writeFile(join(dataDir, 'node-id'), ` ${id.toUpperCase()}\n`);
    assert.equal(await find({ dataDir }), id);
    await writeFile(join(dataDir, 'node-id'), 'nonsense');
    await assert.rejects(find({ dataDir }), {
      message: `NodeID in ${join(dataDir, 'node-id')} is invalid: uuid string is wrong length`,
    });
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test('T1-6: without a data directory an id is made up, from the machine if that is allowed', async () => {
  const nowhere = { dataDir: '', disableHostNodeId: false };
  assert.notEqual(await find({ dataDir: '' }), await find({ dataDir: '' }));
  assert.equal(await find(nowhere, { hostId: 'ABC' }), await find(nowhere, { hostId: 'abc' }));
  assert.equal(await find(nowhere, { hostId: 'abc' }), 'ddaf35a1-9361-7aba-cc41-7349ae204131');
});

test('T1-6: an id that is none is refused', async () => {
  await assert.rejects(find({ nodeId: 'xyz' }), {
    message: 'specified NodeID is invalid: uuid string is wrong length',
  });
  await assert.rejects(find({ nodeId: id.replaceAll('-', '_') }), {
    message: 'specified NodeID is invalid: uuid is improperly formatted',
  });
  await assert.rejects(find({ nodeId: `z${id.slice(1)}` }), {
    message: "specified NodeID is invalid: encoding/hex: invalid byte: U+007A 'z'",
  });
  await assert.rejects(find({ nodeId: `-${id.slice(1)}` }), {
    message: "specified NodeID is invalid: encoding/hex: invalid byte: U+002D '-'",
  });
});
