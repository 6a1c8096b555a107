// What nodes answer to `consul exec`: keys below the folder of the job. `NODE/ack` when a node begins,
// `NODE/out/00000` with its output (empty: it is still there), `NODE/exit` with the exit code.
// Upstream: command/exec/exec.go (waitForJob, streamResults).

import { decodeText } from '@reeve/bytes';
import type { Ui } from '@reeve/cli';
import type { ConsulClient } from '../api/client.ts';
import { getKey, indexArgument, listKeys } from '../api/key-values.ts';
import type { ExecJob } from './exec-job.ts';
import { aborted } from './shutdown.ts';

/** What a job is followed with. */
export interface FollowedJob {
  readonly client: ConsulClient;
  readonly job: ExecJob;
  readonly ui: Ui;
  /** Nothing new for so long is the end; twice as long while somebody is at work. */
  readonly waitMs: number;
  readonly isVerbose: boolean;
  readonly stop: AbortSignal;
}

/** Prints what nodes say until they are done; the result is the exit code. */
export async function followJob(followed: FollowedJob): Promise<number> {
  const { ui, waitMs, isVerbose, stop } = followed;
  const startMs = performance.now();
  const tally = new Tally(followed);
  const over = new AbortController();
  const failed = streamResults(followed, tally, over.signal).catch((error: Error) => {
    if (!over.signal.aborted) ui.error(`Failed to read results: ${error.message}`);
    return 'failed' as const;
  });
  const outcome = await Promise.race([failed, tally.quiet(waitMs), aborted(stop)]);
  over.abort();
  if (outcome !== 'quiet') return 1;
  ui.info(`${tally.completed} / ${tally.acknowledged} node(s) completed / acknowledged`);
  if (isVerbose) ui.info(`Completed in ${((performance.now() - startMs) / 1000).toFixed(2)} seconds`);
  return tally.completed < tally.acknowledged || tally.hasBadExit ? badExit : 0;
}

/** Counts who is at work and who has ended, tells of it, and notices silence. */
class Tally {
  acknowledged = 0;
  completed = 0;
  hasBadExit = false;
  readonly #ui: Ui;
  readonly #isVerbose: boolean;
  #restart: () => void = () => {};

  constructor({ ui, isVerbose }: FollowedJob) {
    this.#ui = ui;
    this.#isVerbose = isVerbose;
  }

  /** Resolves when nothing was heard for a while. */
  quiet(waitMs: number): Promise<'quiet'> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      this.#restart = () => {
        clearTimeout(timer);
        const isWorking = this.acknowledged > this.completed;
        timer = setTimeout(() => resolve('quiet'), isWorking ? 2 * waitMs : waitMs);
      };
      this.#restart();
    });
  }

  onAck(node: string): void {
    this.acknowledged += 1;
    if (this.#isVerbose) this.#ui.info(prefixed('==>', node, 'acknowledged'));
    this.#restart();
  }

  onOutput(node: string, output: Uint8Array): void {
    if (output.length > 0) this.#ui.output(prefixed('   ', node, decodeText(output)));
    else if (this.#isVerbose) this.#ui.info(prefixed('==>', node, 'heartbeat received'));
    this.#restart();
  }

  onExit(node: string, code: number): void {
    this.completed += 1;
    if (code !== 0) this.hasBadExit = true;
    this.#ui.info(prefixed('==>', node, `finished with exit code ${code}`));
    this.#restart();
  }

  complain(message: string): void {
    this.#ui.error(message);
  }
}

/** Tells of every key once, as they come, until it is over. Never resolves before. */
async function streamResults(
  { client, job, waitMs }: FollowedJob,
  tally: Tally,
  over: AbortSignal,
): Promise<never> {
  const folder = `${job.folder}/`;
  const seen = new Set<string>(); // as many as the nodes have written; all go with the job
  const wait = `${Math.max(Math.floor(waitMs), 1)}ms`;
  for (let index = 0n; ; ) {
    const query = { index: indexArgument(index), wait };
    const { found, index: now } = await listKeys(client, folder, '', { query, signal: over });
    if (now === index) continue;
    index = now;
    for (const key of found ?? []) {
      if (seen.has(key)) continue;
      seen.add(key);
      await tell(client, key, key.slice(folder.length), tally, over);
    }
  }
}

async function tell(
  client: ConsulClient,
  key: string,
  name: string,
  tally: Tally,
  over: AbortSignal,
): Promise<void> {
  if (name === 'job') return;
  const [, node = '', kind] = /^(.*)\/(ack|exit|out\/(?!.*\/out\/).*)$/s.exec(name) ?? [];
  if (kind === undefined) return tally.complain(`Unknown key '${name}', ignoring.`);
  if (kind === 'ack') return tally.onAck(node);
  const value = await readValue(client, key, over);
  if (over.aborted) return;
  if (value instanceof Error) return tally.complain(`Failed to read key '${key}': ${value.message}`);
  if (kind !== 'exit') return tally.onOutput(node, value);
  const text = decodeText(value);
  if (/^[-+]?\d{1,10}$/.test(text)) return tally.onExit(node, Number(text));
  tally.complain(`Failed to parse exit code '${text}': strconv.ParseInt: parsing "${text}": invalid syntax`);
}

async function readValue(client: ConsulClient, key: string, over: AbortSignal): Promise<Uint8Array | Error> {
  try {
    const { found } = await getKey(client, key, { signal: over });
    return found === undefined ? new Error('<nil>') : (found.value ?? new Uint8Array(0));
  } catch (error) {
    return error as Error;
  }
}

/** A node's name before every line; what follows the last line end is a line too, maybe an empty one. */
function prefixed(arrow: string, node: string, message: string): string {
  const lines = message.split('\n').map((line) => `${arrow} ${node}: ${line}`);
  return lines.join('\n').trimEnd();
}

const badExit = 2;
