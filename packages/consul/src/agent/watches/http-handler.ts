// A watch that tells somebody over HTTP; what they say to it goes into the log.
// Upstream: agent/watch_handler.go (makeHTTPWatchHandler).

import type { Log, Network } from '@reeve/runtime';
import { goHeaderName } from '../../api/go-request.ts';
import { OutputTail } from '../../local/checks/output-tail.ts';
import { askHttp } from '../../local/checks/probes/http-exchange.ts';
import { UrlError } from '../../local/checks/probes/http-url.ts';
import { logFields } from '../../log/log-fields.ts';
import type { HttpHandlerConfig } from '../../watch/http-handler-config.ts';

/** What handlers need besides their watch. */
export interface HandlerSurroundings {
  readonly network: Network;
  readonly log: Log;
}

/** Tells it; what goes wrong is in the log. */
export async function tellHttpHandler(
  config: HttpHandlerConfig,
  json: string,
  index: bigint,
  { network, log }: HandlerSurroundings,
): Promise<void> {
  const { url, method, timeoutMs } = config;
  const output = new OutputTail(outputBytesMax);
  try {
    const { statusCode, statusMessage, body } = await askHttp({
      network,
      tls: config.skipsTlsVerify ? { rejectUnauthorized: false } : {},
      method,
      url,
      body: `${json}\n`,
      headers: headersOf(config, index),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await keep(body, output);
    const isWell = statusCode >= 200 && statusCode <= 299;
    if (isWell) {
      const fields = logFields({ watch: url, output: output.captured() });
      return log('trace', `agent: http watch handler output${fields}`);
    }
    const status = `${statusCode} ${statusMessage}`;
    const fields = logFields({ watch: url, status, output: output.captured() });
    log('err', `agent: http watch handler failed with output${fields}`);
  } catch (error) {
    const { message } = error as Error;
    const isUnfit =
      (error instanceof UrlError && message.startsWith('parse ')) || /^net\/http: inv/.test(message);
    const fields = isUnfit ? logFields({ error: message }) : logFields({ watch: url, error: message });
    log('err', `agent: Failed to ${isUnfit ? 'setup http watch' : 'invoke http watch handler'}${fields}`);
  }
}

/** As Go adds them: in its spelling, and beside what is there already. */
function headersOf({ headers }: HttpHandlerConfig, index: bigint): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, readonly string[]>([
    ['Content-Type', ['application/json']],
    ['X-Consul-Index', [`${index}`]],
  ]);
  for (const [name, values] of headers) {
    const spelled = goHeaderName(name);
    all.set(spelled, [...(all.get(spelled) ?? []), ...values]);
  }
  return all;
}

/** A body that breaks off is shown as far as it came. */
async function keep(body: AsyncIterable<Uint8Array>, output: OutputTail): Promise<void> {
  try {
    for await (const chunk of body) output.write(chunk);
  } catch {
    // what counts came before
  }
}

const outputBytesMax = 4096;
