// `npm run hostile`: every class of hostile input (tools/hostile) at an agent of its own, and a table of what
// became of it; docs/hostile-input.md keeps one. Its words go on to tools/hostile/src/main.ts.

import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';

await ensureInstalled();
await ensureBuilt({ tests: true });
await import('../tools/hostile/dist/main.js');
