// Starts a node, or leaves nothing behind. Next: options.ts, serf-node.ts.

import { silentLog } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';
import { type SerfOptions, toSerfConfig } from './options.ts';
import { SerfNode } from './serf-node.ts';

/**
 * Starts a serf node on this machine and joins whom `options.join` names. Rejects when the options make no
 * sense, the address cannot be bound, or nobody could be joined.
 *
 * ```ts
 * await using serf = await createSerf({ name: 'web1', tags: { role: 'web' }, join: ['10.0.0.5'] });
 * ```
 */
export async function createSerf(options: SerfOptions = {}): Promise<SerfNode> {
  const { log = silentLog, metrics, join = [] } = options;
  const runtime = createNodeRuntime(metrics ? { log, metrics } : { log });
  const config = await toSerfConfig(options, runtime.network);
  const { compileRe2 } = await import('../re2.ts'); // large, and only who runs a node needs it
  const node = await SerfNode.start({ compileRegexp: compileRe2, ...config }, runtime);
  try {
    if (join.length > 0) await node.join(join);
    return node;
  } catch (error) {
    await node.close({ leave: false });
    throw error;
  }
}
