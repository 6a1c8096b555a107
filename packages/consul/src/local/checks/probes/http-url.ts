// The address of an HTTP check, with Go's complaints about it, which are the output of the check.
// Upstream: net/url, net/http.

/** An address that cannot be asked; the message is the whole output. */
export class UrlError extends Error {
  override name = 'UrlError';
}

/** Parses an address, as `base` if it stands in a redirect. */
export function parseHttpUrl(text: string, method: string, base?: URL): URL {
  const flaw = flawOf(text);
  if (flaw !== undefined) throw new UrlError(`parse "${text}": ${flaw}`);
  const scheme = base === undefined ? (/^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1] ?? '').toLowerCase() : '';
  if (base === undefined && scheme !== 'http' && scheme !== 'https') {
    throw new UrlError(`${failed(method, text)}: unsupported protocol scheme "${scheme}"`);
  }
  if (base === undefined && !/^[a-z]+:\/\/[^/?#]/i.test(text)) {
    throw new UrlError(`${failed(method, text)}: http: no Host in request URL`);
  }
  const port = /^[a-z]+:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(text)?.[1];
  if (Number(port) > portMax) {
    throw new UrlError(`${failed(method, text)}: dial tcp: address ${port}: invalid port`);
  }
  try {
    return new URL(text, base);
  } catch {
    throw new UrlError(`parse "${text}": invalid URL`);
  }
}

/** `Get "http://…"`, as Go begins what went wrong; a password is not told. */
export function failed(method: string, url: string): string {
  const verb = `${method.slice(0, 1)}${method.slice(1).toLowerCase()}`;
  return `${verb} "${url.replace(/^([a-z]+:\/\/[^/?#:@]*):[^/?#@]*@/i, '$1:***@')}"`;
}

function flawOf(text: string): string | undefined {
  const [broken] = /%(?![0-9a-f]{2}).{0,2}/i.exec(text) ?? [];
  if (broken !== undefined) return `invalid URL escape "${broken}"`;
  const [, host = ''] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(text) ?? [];
  const [odd] = /[ "<>\\^`{|}]/.exec(host) ?? [];
  if (odd !== undefined) return `invalid character "${odd}" in host name`;
  if (text.startsWith(':')) return 'missing protocol scheme';
  return /^[^a-z/][^/]*:/i.test(text) ? 'first path segment in URL cannot contain colon' : undefined;
}

const portMax = 65_535;
