// Every command of the guides about Consul, typed as it stands there, prints what stands there.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loopbackNetwork, Typist, typedIn } from './typist.js';

describe('the commands of the guides print what they say', { concurrency: true }, () => {
  for (const guide of ['consul', 'consul-cluster', 'consul-services', 'consul-keys']) {
    test(`docs/guides/${guide}.md`, { timeout: 300_000 }, async (t) => {
      const page = readFileSync(new URL(`../../../../docs/guides/${guide}.md`, import.meta.url), 'utf8');
      const folder = mkdtempSync(join(tmpdir(), 'guide-'));
      const typist = new Typist(folder, await loopbackNetwork());
      t.after(async () => {
        await typist.end();
        rmSync(folder, { recursive: true, force: true });
      });
      for (const typed of typedIn(page)) await typist.type(typed);
    });
  }
});
