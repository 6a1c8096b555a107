// Keys as people write them: no key begins with a slash, but many a user does.

/** The key or prefix that is meant. */
export function withoutSlash(key: string): string {
  return key.startsWith('/') ? key.slice(1) : key;
}
