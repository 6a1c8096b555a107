// What is logged and measured of HTTP requests: each that failed, and each that is finished, with the time it
// took. Tokens in addresses stay hidden. Upstream: agent/http.go (handler, wrap).

import { formatDuration } from '@reeve/cli';
import { endpointText, type LogLevel, type Runtime } from '@reeve/runtime';
import { parseQuery } from '../http/query.ts';
import type { RawRequest } from '../http/request.ts';
import type { RequestWatcher } from '../http/request-watcher.ts';
import { logFields } from '../log/log-fields.ts';

/** Where it goes. */
export interface RequestLogParts {
  readonly runtime: Pick<Runtime, 'clock' | 'log' | 'metrics'>;
  /** Whether anybody sees lines of a level. */
  readonly isHeard: (level: LogLevel) => boolean;
}

/** The log of requests. */
export class RequestLog implements RequestWatcher {
  readonly #parts: RequestLogParts;
  /** Names of metrics by pattern and method. Bounded by what routes there are. */
  readonly #names = new Map<string, Map<string, string>>();

  constructor(parts: RequestLogParts) {
    this.#parts = parts;
  }

  onError(request: RawRequest, { message }: Error): void {
    if (request.signal().aborted) return; // it waited, and was given up
    const fields = logFields({ ...requestFields(request), error: message });
    this.#parts.runtime.log('err', `agent.http: Request error${fields}`);
  }

  onRequest(request: RawRequest, pattern: string): () => void {
    const { clock, log, metrics } = this.#parts.runtime;
    const beganAtMs = clock.now();
    return () => {
      const latencyMs = clock.now() - beganAtMs;
      const name = this.#nameOf(request.method, pattern);
      if (name !== undefined) metrics.sample(name, latencyMs);
      if (!this.#parts.isHeard('debug')) return;
      const fields = logFields({ ...requestFields(request), latency: formatDuration(latencyMs) });
      log('debug', `agent.http: Request finished${fields}`);
    };
  }

  /** `http.GET.v1.kv._`; undefined for methods that clients have made up. */
  #nameOf(method: string, pattern: string): string | undefined {
    let names = this.#names.get(pattern);
    if (names === undefined) {
      const path = pattern.replace(/\/$/, '/_').replaceAll('/', '.');
      names = new Map(measuredMethods.map((known) => [known, `http.${known}${path}`]));
      this.#names.set(pattern, names);
    }
    return names.get(method);
  }
}

function requestFields(request: RawRequest): Readonly<Record<string, string>> {
  const { method, remoteHost: host, remotePort: port } = request;
  const from = host === '' ? '@' : endpointText({ host, port }); // as Go calls the end of a Unix socket
  return { method, url: withoutTokens(request), from };
}

/** Every place where a token stands is hidden, though it be that of another thing with the same letters. */
function withoutTokens({ target, rawQuery }: RawRequest): string {
  let url = target;
  if (rawQuery.includes('token')) {
    for (const token of parseQuery(rawQuery)?.all('token') ?? []) {
      url = token === '' ? `${url}${hidden}` : url.replaceAll(token, hidden);
    }
  }
  return url.replace(oldTokenPath, `$1${hidden}$2`);
}

const hidden = '<hidden>';
/** Old ACL endpoints have tokens in their paths. */
const oldTokenPath = /^(\/v1\/acl\/(?:create|update|destroy|info|clone|list)\/)[^?]+(\??.*)$/;
const measuredMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const;
