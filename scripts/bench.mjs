// `npm run bench`: our figures beside those of the real programs. How to call it: tools/bench/src/main.ts.

import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, rootFolder } from './bootstrap.mjs';

await ensureInstalled();
await ensureBuilt({ tests: true });
await import(join(rootFolder, 'tools/bench/dist/main.js'));
