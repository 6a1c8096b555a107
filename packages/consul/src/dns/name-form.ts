// What a name in the zone asks for. Upstream: agent/dns.go (doDispatch).
//
// Labels are read from the right: the first that names a kind is it. So a node may be called
// `dotted.node.name`. Next: resolver.ts.

import { splitLabels } from './wire/domain-name.ts';
import { recordType } from './wire/record.ts';

/** What is asked for; `datacenter` is undefined where the name has none. */
export type NameForm =
  | { readonly kind: 'node'; readonly node: string; readonly datacenter: string | undefined }
  | ServiceForm
  | { readonly kind: 'query'; readonly query: string; readonly datacenter: string | undefined }
  | AddressForm
  | { readonly kind: 'invalid' };

/** Instances of a service, or what stands for it in the service mesh. */
export interface ServiceForm {
  readonly kind: 'service' | 'connect' | 'ingress';
  readonly service: string;
  /** Empty: any. */
  readonly tag: string;
  readonly datacenter: string | undefined;
}

/** An address in hexadecimal digits. */
export interface AddressForm {
  readonly kind: 'address';
  /** 4 or 16 bytes; undefined for other lengths. */
  readonly address: Uint8Array | undefined;
  /** The name without its domain, in lower case, with the dot at the end. */
  readonly localName: string;
}

/** The domains of a zone: lower case, with the dot at the end; the second one may be empty. */
export interface Domains {
  readonly domain: string;
  readonly altDomain: string;
}

/** Reads a name, in whatever case it came, as a question of `type`. */
export function parseName(name: string, type: number, domains: Domains): NameForm {
  const localName = trimDomain(name.toLowerCase(), domains);
  const labels = splitLabels(localName);
  for (let i = labels.length - 1; i >= 0; i--) {
    const label = labels[i] as string;
    if (label === 'addr') return i === 1 ? ofAddress(labels[0] as string, localName) : invalid;
    if (kinds.has(label)) return ofKind(label, labels.slice(0, i), labels.slice(i + 1));
    // The word `service` may be missing where a service is asked for as RFC 2782 has it.
    if (type === recordType.srv && label.startsWith('_'))
      return ofKind('service', labels.slice(0, i + 1), labels.slice(i + 1));
  }
  return invalid;
}

/** Whether a name is a zone's or below it. `domain` is lower case, with the dot at the end. */
export function isWithin(name: string, domain: string): boolean {
  const lower = name.toLowerCase();
  return domain !== '' && (lower === domain || lower.endsWith(`.${domain}`));
}

function trimDomain(name: string, { domain, altDomain }: Domains): string {
  const [longer, shorter] = altDomain.length > domain.length ? [altDomain, domain] : [domain, altDomain];
  if (name.endsWith(longer)) return name.slice(0, -longer.length);
  return shorter !== '' && name.endsWith(shorter) ? name.slice(0, -shorter.length) : name;
}

function ofKind(kind: string, parts: readonly string[], suffixes: readonly string[]): NameForm {
  const [datacenter] = suffixes;
  if (parts.length === 0 || suffixes.length > 1) return invalid;
  switch (kind) {
    case 'node':
      return { kind, node: parts.join('.'), datacenter };
    case 'query':
      return { kind, query: parts.join('.'), datacenter };
    case 'connect':
    case 'ingress':
      return { kind, service: parts.at(-1) as string, tag: '', datacenter };
    default:
      return ofService(parts, datacenter);
  }
}

/** `tag.service`, where a tag may have dots, or `_service._tag`, where `_tcp` is no tag. */
function ofService(parts: readonly string[], datacenter: string | undefined): NameForm {
  const [first = '', second = ''] = parts;
  if (parts.length === 2 && first.startsWith('_') && second.startsWith('_')) {
    const tag = second.slice(1);
    return { kind: 'service', service: first.slice(1), tag: tag === 'tcp' ? '' : tag, datacenter };
  }
  const tag = parts.slice(0, -1).join('.');
  return { kind: 'service', service: parts.at(-1) as string, tag, datacenter };
}

function ofAddress(digits: string, localName: string): NameForm {
  const bytes = digits.length >> 1;
  if (bytes !== 4 && bytes !== 16) return { kind: 'address', address: undefined, localName };
  if (!/^(?:[0-9a-f]{2})+$/.test(digits)) return invalid;
  const address = Uint8Array.from({ length: bytes }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
  return { kind: 'address', address, localName };
}

const kinds = new Set(['service', 'connect', 'ingress', 'node', 'query']);
const invalid: NameForm = { kind: 'invalid' };
