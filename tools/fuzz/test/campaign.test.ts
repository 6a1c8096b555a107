// The long run, in short: a target in a process of its own, and what it leaves behind.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesOf, runCampaign } from '../dist/campaign.js';
import { findTargets, type NamedTarget, targetFolders } from '../dist/find-targets.js';
import { readInputs } from '../dist/input-file.js';

const all = await findTargets(targetFolders());

async function explored(targets: readonly NamedTarget[]) {
  const corpusFolder = mkdtempSync(join(tmpdir(), 'reeve-fuzz-'));
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  try {
    const failed = await runCampaign(targets, { minutes: 10, inputsMax: 1_000, corpusFolder, say });
    const files = targets.map((each) => filesOf(each, corpusFolder));
    return { failed, lines, corpora: files.map((file) => readInputs(`${file}.hex`)) };
  } finally {
    rmSync(corpusFolder, { recursive: true });
  }
}

test('no two targets share a name, or their files', () => {
  assert.ok(all.length > 70);
  assert.equal(new Set(all.map((each) => filesOf(each, '.'))).size, all.length);
});

test('a target is explored, its corpus is kept, and progress is told', async () => {
  const { failed, lines, corpora } = await explored(all.filter(({ name }) => name === 'bytes: padding'));
  assert.deepEqual(failed, []);
  assert.ok((corpora[0]?.length ?? 0) > 1);
  assert.match(lines[0] ?? '', /^bytes: padding: \d+ inputs, \d+\/s, corpus \d+, \d+ blocks$/);
  assert.match(lines.at(-1) ?? '', /^1 targets, 1\d\d\d inputs, \d+ blocks reached, 0 failed\.$/);
});

test('a process that dies has failed, and the line that shows it again is told', async () => {
  const [some] = all;
  assert.ok(some);
  const { failed, lines } = await explored([{ ...some, name: 'bytes: what is not there' }]);
  assert.equal(failed.length, 1);
  assert.match(lines.join('\n'), /failed: ended by 1\n.*--replay '.*\.failed' 'bytes: what is not there'/);
});
