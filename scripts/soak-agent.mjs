// The agent that soak.mjs watches: the program itself, and beside it an answer to "how large are you?".
// Needs `--expose-gc`, because only what survives a collection is a leak.

process.on('message', () => {
  globalThis.gc();
  globalThis.gc(); // what the first one finalized
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send({ heapUsed, external, rss, handles: process.getActiveResourcesInfo().length });
});

await import('../dist/serf/main.cjs');
