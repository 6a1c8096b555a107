// From what somebody has said of a watch to what is to be asked. Upstream: api/watch/watch.go (ParseExempt),
// whose order of complaints is kept. Next: watch-query.ts, for each type; run-watch.ts.

import type { JsonValue } from '@reeve/cli';
import { type HttpHandlerConfig, parseHttpHandler } from './http-handler-config.ts';
import type { WatchParameters } from './watch-parameters.ts';
import { parseQuery, type WatchQuery } from './watch-query.ts';

/** A watch that can be run. */
export interface WatchPlan {
  readonly type: string;
  /** Empty: that of whoever is asked. */
  readonly datacenter: string;
  readonly token: string;
  readonly query: WatchQuery;
  /** Whom `handler_type = "http"` wants to be told; undefined without that. */
  readonly httpHandler: HttpHandlerConfig | undefined;
  /** Parameters that only concern whoever runs the watch. */
  readonly setAside: ReadonlyMap<string, JsonValue>;
}

/** Parses it; of the parameters, `setAside` are not looked at. @throws Error in the original's words */
export function parseWatch(parameters: WatchParameters, setAside: readonly string[] = []): WatchPlan {
  const [datacenter, token] = [parameters.text('datacenter'), parameters.text('token')];
  const type = parameters.text('type');
  if (type === '') throw new Error('Watch type must be specified');
  const httpHandler = parameters.text('handler_type') === 'http' ? parseHttpHandler(parameters) : undefined;
  const query = parseQuery(type, parameters);
  const aside = new Map<string, JsonValue>();
  for (const name of setAside) {
    const value = parameters.take(name);
    if (value !== undefined) aside.set(name, value);
  }
  const { names } = parameters;
  if (names.length > 0) throw new Error(`Invalid parameters: [${names.join(' ')}]`);
  return { type, datacenter, token, query, httpHandler, setAside: aside };
}
