// The repository as the rules see it: workspaces with their package.json and their sources.
// Built from texts by path, so that a test can write down a repository in a few lines; readTexts takes them
// from disk.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Facts, readFacts } from './facts.ts';
import type { Problem } from './problem.ts';

/** A file of source code. */
export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly facts: Facts;
  /** Whether it belongs to what is published, and not to tests or scripts. */
  readonly isSource: boolean;
}

/** A package or a tool. */
export interface Workspace {
  /** Its folder: `packages/cli`. */
  readonly folder: string;
  /** Its name: `@reeve/cli`. */
  readonly name: string;
  /** What its package.json allows it to import. */
  readonly dependencies: readonly string[];
  /** What others may import: `.`, `./virtual`. */
  readonly entries: readonly string[];
  readonly files: readonly SourceFile[];
}

/** The repository. */
export interface SourceTree {
  readonly workspaces: readonly Workspace[];
  /** Development dependencies of the root, there for every test. */
  readonly devDependencies: readonly string[];
  /** All files, also those that belong to no workspace (`scripts/`, `examples/`). */
  readonly files: readonly SourceFile[];
  /** Files that could not be parsed. */
  readonly problems: readonly Problem[];
}

/** Builds a tree from texts by path. */
export function buildTree(texts: ReadonlyMap<string, string>): SourceTree {
  const problems: Problem[] = [];
  const files: SourceFile[] = [];
  for (const [path, text] of texts) {
    if (!sourceFile.test(path)) continue;
    try {
      files.push({ path, lines: linesOf(text), facts: readFacts(text), isSource: path.includes('/src/') });
    } catch (error) {
      problems.push({ path, line: 1, rule: 'syntax', sentence: String(error) });
    }
  }
  const manifests = [...texts].filter(([path]) => workspaceManifest.test(path));
  return {
    workspaces: manifests.map(([path, text]) => buildWorkspace(path, text, files)),
    devDependencies: Object.keys(readManifest(texts.get('package.json') ?? '{}').devDependencies ?? {}),
    files,
    problems,
  };
}

/** Reads what rules look at: manifests, sources and tests of all workspaces, scripts and examples. */
export function readTexts(root: string): Map<string, string> {
  const paths = ['package.json'];
  for (const folder of ['packages', 'tools']) {
    for (const name of readdirSync(join(root, folder))) {
      const manifest = `${folder}/${name}/package.json`;
      if (!existsSync(join(root, manifest))) continue; // what an older commit built
      paths.push(manifest);
      for (const part of ['src', 'test']) paths.push(...filesBelow(root, `${folder}/${name}/${part}`));
    }
  }
  for (const folder of ['scripts', 'examples']) paths.push(...filesBelow(root, folder));
  const wanted = paths.filter((path) => sourceFile.test(path) || path.endsWith('package.json'));
  return new Map(wanted.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

function buildWorkspace(path: string, text: string, files: readonly SourceFile[]): Workspace {
  const folder = path.slice(0, -'/package.json'.length);
  const manifest = readManifest(text);
  return {
    folder,
    name: manifest.name ?? folder,
    dependencies: Object.keys(manifest.dependencies ?? {}),
    entries: Object.keys(manifest.exports ?? {}),
    files: files.filter((file) => file.path.startsWith(`${folder}/`)),
  };
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: object;
  readonly devDependencies?: object;
  readonly exports?: object;
}

function readManifest(text: string): Manifest {
  return JSON.parse(text);
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .sort()
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

const workspaceManifest = /^(packages|tools)\/[^/]+\/package\.json$/;
const sourceFile = /(?<!\.d)\.(ts|tsx|mjs)$/;
