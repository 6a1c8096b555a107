// What must not be shown of a configuration. Upstream: agent/config/runtime.go (sanitize, isSecret).

import type { JsonOutput } from '@reeve/cli';

/** What stands under a name that sounds like a secret is one. */
export function hideSecrets(value: JsonOutput, name = ''): JsonOutput {
  if (typeof value === 'string') return isSecret(name) ? 'hidden' : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: JsonOutput) => hideSecrets(item, name));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return new Map(entries.map(([key, item]) => [key, hideSecrets(item, key)]));
}

/** Addresses to join may be words for a cloud's interface, with credentials. */
export function withoutCredentials(address: string): string {
  return address
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => (isSecret(word) ? `${word.split('=', 1)[0]}=hidden` : word))
    .join(' ');
}

function isSecret(name: string): boolean {
  return /key|token|secret/i.test(name);
}
