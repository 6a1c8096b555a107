// Which route a path belongs to, by the rules of Go's http.ServeMux: a pattern that ends in `/` has all that
// is below it, the longest one wins, and what such a pattern would have with a `/` more is sent there.

/** What a path leads to. */
export type Match<Route> =
  | { readonly kind: 'route'; readonly route: Route; readonly pattern: string }
  | { readonly kind: 'redirect'; readonly path: string }
  | { readonly kind: 'unknown' };

/** Routes by pattern. */
export class Mux<Route> {
  readonly #routes: ReadonlyMap<string, Route>;

  constructor(routes: Iterable<readonly [pattern: string, route: Route]>) {
    this.#routes = new Map(routes);
  }

  /** The route of a path whose escapes are resolved. */
  match(path: string): Match<Route> {
    const clean = cleanPath(path);
    const exact = this.#routes.get(clean);
    if (exact === undefined && this.#routes.has(`${clean}/`)) return { kind: 'redirect', path: `${clean}/` };
    if (clean !== path) return { kind: 'redirect', path: clean };
    if (exact !== undefined) return { kind: 'route', route: exact, pattern: path };
    for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
      const pattern = path.slice(0, end + 1);
      const route = this.#routes.get(pattern);
      if (route !== undefined) return { kind: 'route', route, pattern };
      if (end === 0) break;
    }
    return { kind: 'unknown' };
  }
}

/** The shortest path that means the same, as Go's path.Clean; a `/` at the end stays. */
function cleanPath(path: string): string {
  if (path.startsWith('/') && !dirty.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const clean = `/${parts.join('/')}`;
  return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

const dirty = /\/\/|\/\.\.?(?:\/|$)/;
