// Killing a node at any byte of its snapshot. What is read afterwards is exactly what was written until then:
// the state after some line, never a line back from what had been written, never a member nobody ever saw.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '@reeve/bytes';
import { VirtualWorld } from '@reeve/runtime/virtual';
import fc from 'fast-check';
import { snapshotTickMs } from '../dist/core/snapshot.js';
import { replaySnapshot, type SnapshotContent } from '../dist/core/snapshot-replay.js';
import { bytesOf, textOf } from './support/bytes.js';
import { Life, path, stateOf, steps } from './support/snapshot-life.js';

test('killed at any byte of any write, a node remembers every whole line and nothing else', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const life = live(new VirtualWorld({ seed }), seed);
    assert.ok(life.journal.length > 3);
    checkEveryCut(life, new Uint8Array(0));
  }
});

test('killed at any byte around a compaction, too', () => {
  const filler = bytesOf(`alive: seed 10.9.9.9:7946\n# ${'x'.repeat(128 * 1024 - 300)}\n`);
  for (let seed = 6; seed <= 8; seed++) {
    const world = new VirtualWorld({ seed });
    world.host('10.0.0.1').files.write(path, filler);
    const life = live(world, seed);
    assert.ok(life.journal.some(({ kind }) => kind === 'replace'));
    checkEveryCut(life, filler);
  }
});

test('a line is written within half a second', () => {
  const life = live(new VirtualWorld({ seed: 9 }), 9);
  let written = 0;
  for (const { atMs, knows } of life.journal) {
    for (; written < knows; written++) {
      const waitedMs = atMs - (life.states[written + 1]?.atMs ?? 0);
      assert.ok(waitedMs <= snapshotTickMs + 1, `a line waited for ${waitedMs} ms`);
    }
  }
  assert.ok(written > 10);
});

test('life after life, with kills and power cuts at any time and torn writes, nothing is made up', () => {
  const crash = fc.record({ steps, keepUnsyncedBytes: fc.option(fc.nat(300), { nil: undefined }) });
  const lives = fc.array(crash, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(), lives, (seed, crashes) => {
      const world = new VirtualWorld({ seed });
      const host = world.host('10.0.0.1');
      let unsafe: string[] = []; // what earlier lives wrote and a power cut can still take back
      for (const { steps: list, keepUnsyncedBytes } of crashes) {
        const life = new Life(world);
        for (const step of list) life.do(step);
        const { certainAfterKill, certainAfterPowerCut } = life;
        const states = life.states.map(({ text }) => text);
        const hasPowerCut = keepUnsyncedBytes !== undefined;
        host.crash(hasPowerCut ? { keepUnsyncedBytes } : {});
        unsafe = [
          ...(certainAfterPowerCut === undefined ? unsafe : []),
          ...states.slice(certainAfterPowerCut),
        ];
        const possible = hasPowerCut ? unsafe : states.slice(certainAfterKill);
        const left = stateOf(replay(host.files.read(path) ?? new Uint8Array(0)));
        assert.ok(possible.includes(left), `${left}\nis none of\n${possible.join('\n')}`);
        if (hasPowerCut) unsafe = [left];
      }
    }),
    { numRuns: 150 },
  );
});

test('a goodbye survives a power cut right after it', () => {
  const world = new VirtualWorld({ seed: 10 });
  const life = new Life(world);
  life.do({ do: 'member-join', name: 'web1', host: '10.0.0.7' });
  life.snapshot.leave();
  life.do({ do: 'wait', ms: 1 });
  life.host.crash({ keepUnsyncedBytes: 0 });
  const { content } = new Life(world);
  assert.deepEqual([...content.alive], []);
});

test('any bytes at all can be read as a snapshot, and no address is made up', () => {
  const words = fc.constantFrom('alive: ', 'not-alive: ', 'clock: ', 'leave', ' ', '\n', '9', 'a 1:2', '\0');
  const files = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(words, { maxLength: 60 }).map((parts) => bytesOf(parts.join(''))),
  );
  fc.assert(
    fc.property(files, fc.boolean(), (file, rejoin) => {
      const { alive } = replaySnapshot(file, rejoin, () => {});
      for (const [name, address] of alive) {
        assert.ok(textOf(file).includes(`alive: ${name} ${address}\n`));
      }
    }),
    { numRuns: 2_000 },
  );
});

function live(world: VirtualWorld, seed: number): Life {
  const life = new Life(world);
  const [list = []] = fc.sample(steps, { seed, numRuns: 1 });
  for (const step of list) life.do(step);
  return life;
}

/** Every file that a kill can leave, and what must be read from it. */
function checkEveryCut(life: Life, before: Uint8Array): void {
  let file = before;
  for (const { kind, bytes, knew, knows } of life.journal) {
    if (kind === 'append') {
      for (let cut = 0; cut <= bytes.length; cut++) {
        const written = bytes.subarray(0, cut);
        const lines = written.filter((byte) => byte === 0x0a).length;
        const left = replay(concatBytes([file, written]));
        assert.equal(stateOf(left), life.states[knew + lines]?.text, `${textOf(written)}|`);
        assert.equal(left.isTorn, cut > 0 && written.at(-1) !== 0x0a);
      }
      file = concatBytes([file, bytes]);
    } else file = bytes; // a rename: the old file or the new one, nothing between
    assert.equal(stateOf(replay(file)), life.states[knows]?.text);
  }
}

function replay(file: Uint8Array): SnapshotContent {
  return replaySnapshot(file, false, (_level, text) => assert.fail(text));
}
