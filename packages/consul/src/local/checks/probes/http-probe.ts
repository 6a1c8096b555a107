// What a web server answers: 2xx is passing, 429 a warning, anything else critical. Each try has a connection
// of its own, and follows redirects. Upstream: agent/checks/check.go (CheckHTTP), Go's net/http.

import type { ConnectionOptions } from 'node:tls';
import type { Network } from '@reeve/runtime';
import type { CheckType } from '../../../definitions/check-type.ts';
import { OutputTail } from '../output-tail.ts';
import { type CheckResult, type Probe, timeoutMsOf } from '../probe.ts';
import { askHttp, type HttpAnswer } from './http-exchange.ts';

/** How checks make TLS connections: `enable_agent_tls_for_checks` gives the agent's own certificate. */
export type CheckTls = (type: CheckType) => ConnectionOptions;

/** The probe of an HTTP check. */
export function httpProbe(network: Network, tls: CheckTls, type: CheckType, outputBytesMax: number): Probe {
  return (done) => {
    const method = type.method || 'GET';
    const gone = new AbortController();
    const fail = (output: string) => done({ status: 'critical', output });
    const timer = setTimeout(() => gone.abort(), timeoutMsOf(type, usualTimeoutMs));
    askHttp({
      network,
      tls: tls(type),
      method,
      url: type.http,
      body: type.body,
      headers: headersOf(type),
      signal: gone.signal,
    })
      .then((response) => resultOf(type, method, response, outputBytesMax))
      .then(done, (error: Error) => (gone.signal.reason === givenUp ? undefined : fail(error.message)))
      .finally(() => clearTimeout(timer));
    return () => {
      clearTimeout(timer);
      gone.abort(givenUp);
    };
  };
}

/** What was configured, and what upstream says besides. */
function headersOf({ header }: CheckType): ReadonlyMap<string, readonly string[] | null> {
  const given = header ?? new Map<string, readonly string[] | null>();
  const has = (name: string) => [...given.keys()].some((other) => other.toLowerCase() === name);
  return new Map([
    ...(has('user-agent') ? [] : [['User-Agent', ['Consul Health Check']] as const]),
    ...(has('accept') ? [] : [['Accept', ['text/plain, text/*, */*']] as const]),
    ...given,
  ]);
}

/** A body that breaks off or never ends is judged by what came of it. */
async function resultOf(
  { http }: CheckType,
  method: string,
  { statusCode, statusMessage, body }: HttpAnswer,
  outputBytesMax: number,
): Promise<CheckResult> {
  const output = new OutputTail(outputBytesMax);
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) output.write(chunk);
  } catch {
    // what counts came before
  }
  return {
    status: statusOf(statusCode),
    output: `HTTP ${method} ${http}: ${statusCode} ${statusMessage} Output: ${output.text()}`,
  };
}

function statusOf(code: number): CheckResult['status'] {
  if (code >= 200 && code <= 299) return 'passing';
  return code === 429 ? 'warning' : 'critical';
}

const usualTimeoutMs = 10_000;
const givenUp = new Error('the check was stopped');
