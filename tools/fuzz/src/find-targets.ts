// The targets of all packages: what `packages/X/test/fuzz/targets.ts` lists, compiled.

import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzTarget } from './target.ts';

/** A target and the name by which it is chosen: `serf: queries`. */
export interface NamedTarget {
  readonly name: string;
  readonly folder: string;
  readonly target: FuzzTarget;
}

/** The folders of packages that have targets. */
export function targetFolders(): readonly string[] {
  return readdirSync(packages).filter((folder) =>
    existsSync(new URL(`${folder}/test/fuzz/targets.ts`, packages)),
  );
}

/** The targets of these packages. */
export async function findTargets(folders: readonly string[]): Promise<readonly NamedTarget[]> {
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const { targets }: { targets: readonly FuzzTarget[] } = await import(
        new URL(listOf(folder), packages).href
      );
      return targets.map((target) => ({ name: `${folder}: ${target.name}`, folder, target }));
    }),
  );
  return lists.flat();
}

function listOf(folder: string): string {
  return `${folder}/dist-test/fuzz/targets.js`;
}

/** The folder of all packages. */
export const packages = new URL('../../../packages/', import.meta.url);

/** The root of the repository. */
export const rootFolder = fileURLToPath(new URL('..', packages));
