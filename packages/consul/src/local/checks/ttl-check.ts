// A check whose status somebody tells us, and which is critical once nobody has for too long.
// Upstream: agent/checks/check.go (CheckTTL).

import { decodeText, encodeText } from '@reeve/bytes';
import type { Runtime, Timer } from '@reeve/runtime';

/** One check with a time to live. */
export class TtlCheck {
  readonly ttlMs: number;
  readonly #runtime: Pick<Runtime, 'timers' | 'log'>;
  readonly #checkId: string;
  readonly #outputBytesMax: number;
  readonly #update: (status: string, output: string) => void;
  #expiry: Timer;
  #lastOutput = '';

  /** @param update hears of every status, also of the one after the time is over */
  constructor(
    runtime: Pick<Runtime, 'timers' | 'log'>,
    checkId: string,
    ttlMs: number,
    outputBytesMax: number,
    update: (status: string, output: string) => void,
  ) {
    this.ttlMs = ttlMs;
    this.#runtime = runtime;
    this.#checkId = checkId;
    this.#outputBytesMax = outputBytesMax;
    this.#update = update;
    this.#expiry = this.#startTime();
  }

  /** Takes a status and begins the time anew. Returns the output as it is kept. */
  setStatus(status: string, output: string): string {
    this.#runtime.log('debug', `agent: Check status updated: check=${this.#checkId} status=${status}`);
    this.#lastOutput = limited(output, this.#outputBytesMax);
    this.#update(status, this.#lastOutput);
    this.#expiry.cancel();
    this.#expiry = this.#startTime();
    return this.#lastOutput;
  }

  stop(): void {
    this.#expiry.cancel();
  }

  #startTime(): Timer {
    return this.#runtime.timers.after(this.ttlMs, () => {
      this.#runtime.log('warn', `agent: Check missed TTL, is now critical: check=${this.#checkId}`);
      const last = this.#lastOutput;
      const tail = last === '' ? '' : ` (last output before timeout follows): ${last}`;
      this.#update('critical', `TTL expired${tail}`);
    });
  }
}

/** Its first bytes. */
function limited(output: string, bytesMax: number): string {
  const bytes = encodeText(output);
  if (bytes.length <= bytesMax) return output;
  const first = decodeText(bytes.subarray(0, bytesMax));
  return `${first} ... (captured ${bytesMax} of ${bytes.length} bytes)`;
}
