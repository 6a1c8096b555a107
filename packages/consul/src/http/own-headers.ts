// The headers of every answer of the API: those of an agent's configuration; what a route says under the same
// name counts instead. Upstream: agent/http.go (setHeaders), Go's http.Header.Set.

import { goHeaderName } from '../api/go-request.ts';
import { forgottenJsonType, guessedType, type Header, type HttpResponse } from './response.ts';

/** Puts them onto a response. */
export type OwnHeaders = (response: HttpResponse) => HttpResponse;

/** @param configured `http_config.response_headers` */
export function ownHeaders(configured: readonly Header[], translatesAddresses: boolean): OwnHeaders {
  const byName = new Map<string, string>([
    ['Vary', 'Accept-Encoding'],
    ...configured.map(([name, value]): Header => [goHeaderName(name), value]),
    ...(translatesAddresses ? [['X-Consul-Translate-Addresses', 'true'] as const] : []),
  ]);
  const own: readonly Header[] = [...byName];
  if (configured.length === 0) {
    return ({ status, headers, body }) => ({ status, headers: [...own, ...headers], body });
  }
  const hasType = byName.has('Content-Type');
  return ({ status, headers, body }) => {
    const said = headers.filter((header) => !(hasType && isGuess(header))); // of Go, where nothing is said
    const names = new Set(said.map(([name]) => name));
    return { status, headers: [...own.filter(([name]) => !names.has(name)), ...said], body };
  };
}

function isGuess(header: Header): boolean {
  return header === guessedType || header === forgottenJsonType;
}
