// Host names to addresses by the system's resolver: the hosts file, then DNS.
//
// Errors name the DNS server as the original's do. Like the original we refuse what cannot be a domain name
// without asking anybody (`1.2.3` would else be the address 1.2.0.3). Most are given addresses and look
// nothing up, so what does is loaded when it is needed.

import { endpointText, NetworkError, type Result } from '../network.ts';
import { canonicalAddress } from './addresses.ts';
import { errorCode } from './system-error.ts';

/** Addresses, or why there are none. */
export type Resolved = Result<readonly string[], NetworkError>;

/** `Network.resolve` for one runtime. */
export function createResolver(): (host: string, done: (result: Resolved) => void) => void {
  const lookups = new LookupQueue();
  return (host, done) => {
    const literal = canonicalAddress(host);
    if (literal !== undefined) process.nextTick(done, { ok: true, value: [literal] });
    else if (!isDomainName(host)) process.nextTick(done, { ok: false, error: notFound(host) });
    else lookups.add(host, done);
  };
}

/**
 * A few lookups at a time. Each blocks one of the four threads that also do our file I/O, for half a minute
 * when DNS is down. Bounded by the caller, as any retry is.
 */
class LookupQueue {
  readonly #waiting: { readonly host: string; readonly done: (result: Resolved) => void }[] = [];
  #running = 0;

  add(host: string, done: (result: Resolved) => void): void {
    this.#waiting.push({ host, done });
    this.#startNext();
  }

  #startNext(): void {
    if (this.#running === lookupsMax) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#running++;
    void lookUp(next.host).then((result) => {
      this.#running--;
      this.#startNext();
      process.nextTick(next.done, result);
    });
  }
}

async function lookUp(host: string): Promise<Resolved> {
  const { lookup } = await import('node:dns/promises');
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    const addresses = new Set(found.map(({ address }) => canonicalAddress(address) ?? address));
    return { ok: true, value: [...addresses] };
  } catch (error) {
    return { ok: false, error: lookupError(host, error, await nameServers()) };
  }
}

/** getaddrinfo does not tell a refused query from a lost one; both are `server misbehaving`. */
function lookupError(host: string, cause: unknown, servers: readonly string[]): NetworkError {
  const code = errorCode(cause);
  if (code === 'ENOTFOUND') return notFound(host, servers[0], cause);
  const on = endpointText({ host: servers.at(-1) ?? '', port: dnsPort });
  return new NetworkError(code, `lookup ${host} on ${on}: server misbehaving`, { cause });
}

function notFound(host: string, server?: string, cause?: unknown): NetworkError {
  const on = server === undefined ? '' : ` on ${endpointText({ host: server, port: dnsPort })}`;
  return new NetworkError('ENOTFOUND', `lookup ${host}${on}: no such host`, { cause });
}

/** The servers that resolv.conf names, the first three as everywhere; without any, this machine's. */
async function nameServers(): Promise<readonly string[]> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile('/etc/resolv.conf', 'latin1').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const servers = lines.flatMap(([keyword, server]) =>
    keyword === 'nameserver' && server !== undefined ? [canonicalAddress(server) ?? server] : [],
  );
  return servers.length > 0 ? servers.slice(0, 3) : ['127.0.0.1', '::1'];
}

/**
 * Go's rule: labels of 1 to 63 letters, digits, `_` and inner `-`; not digits and dots only; 254 bytes at
 * most.
 */
function isDomainName(name: string): boolean {
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  return name.length <= 254 && /[^\d.]/.test(name) && labels.every((label) => labelPattern.test(label));
}

const labelPattern = /^(?!-)[\w-]{1,63}(?<!-)$/;
const dnsPort = 53;
const lookupsMax = 2;
