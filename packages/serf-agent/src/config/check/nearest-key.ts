// The key that somebody meant who wrote another one. Next: read-sources.ts, which asks.

import { settingList } from '../schema.ts';

/**
 * The key of the table that is spelled most like `written`, if one is; in a section one of it, rather than
 * others. A flag counts as another name of its key.
 */
export function nearestKey(written: string, section: string): string | undefined {
  const prefix = section === '' ? '' : `${section}.`;
  const names = settingList.flatMap(([, { key, flag }]) =>
    [key, ...(flag === undefined ? [] : [flag.replace('-', '.'), flag])].map((name) => ({ key, name })),
  );
  const inSection = names.filter(({ name }) => prefix !== '' && name.startsWith(prefix));
  const ownNames = inSection.map(({ key, name }) => ({ key, name: name.slice(prefix.length) }));
  return nearest(written, ownNames) ?? nearest(written, names);
}

function nearest(written: string, names: readonly { key: string; name: string }[]): string | undefined {
  const meant = plain(written);
  let found: string | undefined;
  let least = Math.max(2, Math.floor(meant.length / 3)) + 1;
  for (const { key, name } of names) {
    const distance = editDistance(meant, plain(name), least);
    if (distance < least) [found, least] = [key, distance];
  }
  return found;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/**
 * How many letters must be added, taken away or changed to make `b` of `a`; at least `giveUpAt` if it is that
 * many.
 */
function editDistance(a: string, b: string, giveUpAt: number): number {
  if (Math.abs(a.length - b.length) >= giveUpAt) return giveUpAt;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      current.push(
        Math.min((above[column - 1] ?? 0) + change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1),
      );
    }
    above = current;
  }
  return above.at(-1) ?? giveUpAt;
}
