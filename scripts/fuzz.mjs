// `npm run fuzz`: damaged input at every decoder, guided by which code it reaches. What is found stays in
// `.fuzz/`. Its words go on to tools/fuzz/src/main.ts.

import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';

await ensureInstalled();
await ensureBuilt({ tests: true });
await import('../tools/fuzz/dist/main.js');
