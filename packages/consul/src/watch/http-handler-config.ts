// `http_handler_config` of a watch: whom to tell over HTTP. Upstream: api/watch/watch.go
// (parseHttpHandlerConfig).

import { parseDuration } from '@reeve/cli';
import { listMismatches } from '../config/decode-source.ts';
import { type DecodingNotes, list, map, object, text, truth } from '../config/kinds.ts';
import type { WatchParameters } from './watch-parameters.ts';

/** Where what has changed is sent. */
export interface HttpHandlerConfig {
  readonly url: string;
  readonly method: string;
  readonly timeoutMs: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly skipsTlsVerify: boolean;
}

/** Reads `http_handler_config`. @throws Error in the original's words */
export function parseHttpHandler(parameters: WatchParameters): HttpHandlerConfig {
  const given = parameters.peek('http_handler_config');
  if (given === undefined) {
    throw new Error("Handler type 'http' requires 'http_handler_config' to be set");
  }
  const refuse = (reason: string) => new Error(`Failed to parse 'http_handler_config': ${reason}`);
  const notes: DecodingNotes = { wholeNumber: 'float64', mismatches: [], unknownKeys: [], knownKeys: [] };
  const read = handlerSettings.read(given, '', notes);
  if (read === undefined) throw refuse(notes.mismatches.join());
  if (notes.mismatches.length > 0) throw refuse(listMismatches(notes.mismatches));
  if (!read.path) throw refuse("Requires 'path' to be set");
  const config = {
    url: read.path,
    method: read.method || 'POST',
    timeoutMs: read.timeout ? timeoutMs(read.timeout, refuse) : usualTimeoutMs,
    headers: read.header ?? new Map(),
    skipsTlsVerify: read.tlsSkipVerify ?? false,
  };
  parameters.take('http_handler_config');
  return config;
}

function timeoutMs(written: string, refuse: (reason: string) => Error): number {
  try {
    return parseDuration(written);
  } catch (error) {
    throw refuse(`Failed to parse timeout: ${(error as Error).message}`);
  }
}

const handlerSettings = object({
  path: ['path', text],
  method: ['method', text],
  timeout: ['timeout', text],
  header: ['header', map(list(text))],
  tlsSkipVerify: ['tls_skip_verify', truth],
});
const usualTimeoutMs = 10_000;
