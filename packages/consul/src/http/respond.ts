// From a request to its response: finds the route, checks the method, and says in which way a route failed.
// Upstream: agent/http.go (handler, wrap, handleErr, Index).

import { indentedJson, JsonText } from './json/json-text.ts';
import { Mux } from './mux.ts';
import { escapePath, parseQuery, type Query } from './query.ts';
import { FailedWithHeaders, Refusal } from './refusal.ts';
import { type HttpRequest, ParsedRequest, type RawRequest } from './request.ts';
import type { RequestWatcher } from './request-watcher.ts';
import { bare, forgottenJsonType, type Header, type HttpResponse, jsonType, plain } from './response.ts';

/** What answers the requests of one pattern. */
export interface Route<Agent> {
  /** An exact path, or with a `/` at its end everything below it. */
  readonly pattern: string;
  /** Empty: the route looks at the method itself. */
  readonly methods: readonly string[];
  handle(request: HttpRequest, agent: Agent, below: string): Promise<HttpResponse> | HttpResponse;
}

/** What of an agent's configuration concerns every request. */
export interface HttpSettings {
  /** `http_config.response_headers`. */
  readonly responseHeaders: readonly Header[];
  /** `http_config.block_endpoints`: prefixes of paths that are not answered. */
  readonly blockEndpoints: readonly string[];
  /** `http_config.allow_write_http_from`; undefined: anybody. */
  readonly mayWrite: ((remoteHost: string) => boolean) | undefined;
  /** `disable_http_unprintable_char_filter` turns it off. */
  readonly refusesUnprintable: boolean;
  readonly translatesAddresses: boolean;
  /** A dev agent indents for everybody. */
  readonly alwaysPretty: boolean;
  /** Where `/` leads; undefined: there are no pages. */
  readonly uiPath: string | undefined;
}

/** Answers requests. */
export class Responder<Agent> {
  readonly #mux: Mux<Route<Agent>>;
  readonly #agent: Agent;
  readonly #settings: HttpSettings;
  readonly #watcher: RequestWatcher;

  constructor(
    routes: readonly Route<Agent>[],
    agent: Agent,
    settings: HttpSettings,
    watcher: RequestWatcher,
  ) {
    this.#mux = new Mux(routes.map((route) => [route.pattern, route]));
    this.#agent = agent;
    this.#settings = settings;
    this.#watcher = watcher;
  }

  /** The response; never rejects. */
  async respond(raw: RawRequest): Promise<HttpResponse> {
    if (raw.target === '*') return bare(raw.method === 'OPTIONS' ? 200 : 400);
    if (this.#settings.refusesUnprintable && unprintable.test(raw.path)) return bare(400);
    const match = this.#mux.match(raw.path);
    if (match.kind === 'redirect') return redirect(raw, match.path);
    if (match.kind === 'unknown') return this.#index(raw);
    const onFinished = this.#watcher.onRequest(raw, match.pattern);
    const response = await this.#answer(raw, match.route, match.pattern);
    onFinished();
    return withHeaders(apiHeaders, response);
  }

  async #answer(raw: RawRequest, route: Route<Agent>, pattern: string): Promise<HttpResponse> {
    const query = parseQuery(raw.rawQuery);
    const own = this.#ownHeaders();
    if (query === undefined) {
      this.#watcher.onError(raw, new Error('Failed to decode query'));
      return bare(500, own);
    }
    try {
      const refusal = this.#refusalOf(raw, route);
      if (refusal !== undefined) return withHeaders(own, refusal);
      const request = new ParsedRequest(raw, query);
      const response = await route.handle(request, this.#agent, raw.path.slice(pattern.length));
      return withHeaders(own, this.#indented(response, query));
    } catch (error) {
      if (!(error instanceof Refusal) || error.isLogged) this.#watcher.onError(raw, error as Error);
      return withHeaders(own, failure(error as Error));
    }
  }

  /** What the configuration or the route's methods forbid. */
  #refusalOf(raw: RawRequest, { methods }: Route<Agent>): HttpResponse | undefined {
    if (this.#settings.blockEndpoints.some((prefix) => raw.path.startsWith(prefix))) {
      throw new Refusal(403, 'Endpoint is blocked by agent configuration');
    }
    const allow: Header = ['Allow', ['OPTIONS', ...methods].join(',')];
    if (methods.length > 0 && raw.method === 'OPTIONS') return bare(200, [allow]);
    if (methods.length > 0 && !methods.includes(raw.method)) {
      this.#watcher.onError(raw, new Error(`method ${raw.method} not allowed`));
      return plain(`method ${raw.method} not allowed`, [allow], 405);
    }
    const isWrite = !['GET', 'HEAD', 'OPTIONS'].includes(raw.method);
    if (isWrite && this.#settings.mayWrite?.(raw.remoteHost) === false) {
      throw new Refusal(403, 'Access is restricted');
    }
    return undefined;
  }

  #ownHeaders(): readonly Header[] {
    const { responseHeaders, translatesAddresses } = this.#settings;
    return translatesAddresses
      ? [...responseHeaders, ['X-Consul-Translate-Addresses', 'true']]
      : responseHeaders;
  }

  #indented(response: HttpResponse, query: Query): HttpResponse {
    const isWanted = this.#settings.alwaysPretty || query.has('pretty');
    const isJson = response.headers.some((header) => header === jsonType || header === forgottenJsonType);
    const { body } = response;
    if (!isWanted || !isJson) return response;
    if (body instanceof JsonText) return { ...response, body: body.indented };
    return typeof body === 'string' ? { ...response, body: indentedJson(body) } : response;
  }

  #index(raw: RawRequest): HttpResponse {
    if (raw.path !== '/') return bare(404);
    const { uiPath } = this.#settings;
    return uiPath === undefined ? plain('Consul Agent') : redirect(raw, uiPath);
  }
}

/** What a route's error is to whoever asked. */
function failure(error: Error): HttpResponse {
  if (error instanceof Refusal) return plain(error.message, [], error.status);
  const headers = error instanceof FailedWithHeaders ? error.headers : [];
  if (error.message.includes('RPC rate limit exceeded')) return bare(429, headers);
  const isForbidden = /Permission denied|ACL not found/.test(error.message);
  return plain(error.message, headers, isForbidden ? 403 : 500);
}

function redirect({ method, rawQuery }: RawRequest, path: string): HttpResponse {
  const escaped = escapePath(path);
  const location: Header = ['Location', rawQuery === '' ? escaped : `${escaped}?${rawQuery}`];
  if (method !== 'GET' && method !== 'HEAD') return bare(301, [location]);
  const link = location[1].replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;');
  return {
    status: 301,
    headers: [['Content-Type', 'text/html; charset=utf-8'], location],
    body: `<a href="${link}">Moved Permanently</a>.\n\n`,
  };
}

function withHeaders(headers: readonly Header[], response: HttpResponse): HttpResponse {
  return headers.length === 0 ? response : { ...response, headers: [...headers, ...response.headers] };
}

/** On every answer of the API. */
const apiHeaders: readonly Header[] = [['Vary', 'Accept-Encoding']];

/** As Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and the plain space alone. */
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
