// Scenes of the protocol, to be read; `npm run sim -- --rewrite` puts the answers of now in place, and the
// diff is the review.

import { equal } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { retellTranscript } from '@reeve/sim';

const folder = new URL('../test/transcripts/', import.meta.url);

for (const name of readdirSync(folder)) {
  test(`transcript ${name}`, () => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    equal(retellTranscript(text), text);
  });
}
