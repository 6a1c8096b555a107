// From a request to its response: finds the route, checks the method, and says in which way a route failed.
// Upstream: agent/http.go (handler, wrap, handleErr, Index).

import { isError, isForbidden, rateLimitExceeded } from '../rpc/known-errors.ts';
import { Later } from '../waiting/later.ts';
import { rescued, type Soon, soon, whenThere } from '../waiting/soon.ts';
import { indentedJson, JsonText } from './json-text.ts';
import { LongText } from './long-text.ts';
import { Mux } from './mux.ts';
import { type OwnHeaders, ownHeaders } from './own-headers.ts';
import { escapePath, type Query } from './query.ts';
import { FailedWithHeaders, Refusal } from './refusal.ts';
import type { HttpRequest, RawRequest } from './request.ts';
import type { RequestWatcher } from './request-watcher.ts';
import { bare, forgottenJsonType, type Header, type HttpResponse, jsonType, plain } from './response.ts';
import { Told } from './told.ts';

/** What answers the requests of one pattern. */
export interface Route<Agent> {
  /** An exact path, or with a `/` at its end everything below it. */
  readonly pattern: string;
  /** Empty: the route looks at the method itself. */
  readonly methods: readonly string[];
  handle(request: HttpRequest, agent: Agent, below: string): Soon<HttpResponse>;
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
  readonly #withOwn: OwnHeaders;
  readonly #watcher: RequestWatcher;
  readonly #told = new Told();

  constructor(
    routes: readonly Route<Agent>[],
    agent: Agent,
    settings: HttpSettings,
    watcher: RequestWatcher,
  ) {
    this.#mux = new Mux(routes.map((route) => [route.pattern, route]));
    this.#agent = agent;
    this.#settings = settings;
    this.#withOwn = ownHeaders(settings.responseHeaders, settings.translatesAddresses);
    this.#watcher = watcher;
  }

  /** The response; never rejects. */
  respond(raw: RawRequest): Soon<HttpResponse> {
    if (raw.target === '*') return bare(raw.method === 'OPTIONS' ? 200 : 400);
    if (this.#settings.refusesUnprintable && unprintable.test(raw.path)) return bare(400);
    const match = this.#mux.match(raw.path);
    if (match.kind === 'redirect') return redirect(raw, match.path);
    if (match.kind === 'unknown') return this.#index(raw);
    const onFinished = this.#watcher.onRequest(raw, match.pattern);
    const answer = this.#answer(raw, match.route, match.pattern);
    if (raw.words === undefined || !(answer instanceof Later)) {
      return soon(answer, (response) => {
        onFinished();
        return this.#withOwn(response);
      });
    }
    const own = soon(answer, this.#withOwn);
    const told = this.#told.share(raw.words, raw.signal(), own);
    whenThere(told, onFinished);
    return told;
  }

  #answer(raw: RawRequest, route: Route<Agent>, pattern: string): Soon<HttpResponse> {
    if (!isReadable(raw)) {
      this.#watcher.onError(raw, new Error('Failed to decode query'));
      return bare(500);
    }
    const handle = () => {
      const refusal = this.#refusalOf(raw, route);
      if (refusal !== undefined) return refusal;
      const response = route.handle(raw, this.#agent, raw.path.slice(pattern.length));
      return soon(response, (whole) => this.#indented(whole, raw.query));
    };
    return rescued(handle, (error) => {
      if (!(error instanceof Refusal) || error.isLogged) this.#watcher.onError(raw, error);
      return failure(error);
    });
  }

  /** What the configuration or the route's methods forbid. */
  #refusalOf(raw: RawRequest, { methods }: Route<Agent>): HttpResponse | undefined {
    if (this.#settings.blockEndpoints.some((prefix) => raw.path.startsWith(prefix))) {
      throw new Refusal(403, 'Endpoint is blocked by agent configuration');
    }
    if (methods.length > 0 && !methods.includes(raw.method)) return this.#otherMethod(raw, methods);
    const isWrite = !readingMethods.has(raw.method);
    if (isWrite && this.#settings.mayWrite?.(raw.remoteHost) === false) {
      throw new Refusal(403, 'Access is restricted');
    }
    return undefined;
  }

  #otherMethod(raw: RawRequest, methods: readonly string[]): HttpResponse {
    const allow: Header = ['Allow', ['OPTIONS', ...methods].join(',')];
    if (raw.method === 'OPTIONS') return bare(200, [allow]);
    this.#watcher.onError(raw, new Error(`method ${raw.method} not allowed`));
    return plain(`method ${raw.method} not allowed`, [allow], 405);
  }

  #indented(response: HttpResponse, query: Query): HttpResponse {
    if (!this.#settings.alwaysPretty && !query.has('pretty')) return response;
    const isJson = response.headers.some((header) => header === jsonType || header === forgottenJsonType);
    const { body } = response;
    if (!isJson) return response;
    if (body instanceof JsonText || body instanceof LongText) return { ...response, body: body.indented };
    return typeof body === 'string' ? { ...response, body: indentedJson(body) } : response;
  }

  #index(raw: RawRequest): HttpResponse {
    if (raw.path !== '/') return bare(404);
    const { uiPath } = this.#settings;
    return uiPath === undefined ? plain('Consul Agent') : redirect(raw, uiPath);
  }
}

function isReadable(request: RawRequest): request is RawRequest & HttpRequest {
  return request.query !== undefined;
}

/** What a route's error is to whoever asked. */
function failure(error: Error): HttpResponse {
  if (error instanceof Refusal) return plain(error.message, [], error.status);
  const headers = error instanceof FailedWithHeaders ? error.headers : [];
  if (isError(error, rateLimitExceeded)) return bare(429, headers);
  return plain(error.message, headers, isForbidden(error) ? 403 : 500);
}

function redirect({ method, rawQuery }: RawRequest, path: string): HttpResponse {
  const escaped = escapePath(path);
  const location: Header = ['Location', rawQuery === '' ? escaped : `${escaped}?${rawQuery}`];
  const type: Header = ['Content-Type', 'text/html; charset=utf-8'];
  if (method === 'HEAD') return bare(301, [type, location]);
  if (method !== 'GET') return bare(301, [location]);
  const link = location[1].replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;');
  return {
    status: 301,
    headers: [type, location],
    body: `<a href="${link}">Moved Permanently</a>.\n\n`,
  };
}

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** As Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and the plain space alone. */
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
