// Who may import whom. Arrows point downwards only; what is imported is declared; nobody reaches
// into another package past its `exports`, and no relative path leaves its package.
// The map is the one in ARCHITECTURE.md; a new package gets its line here before its first import.

import { posix } from 'node:path';
import type { Import } from '../facts.ts';
import type { Problem } from '../problem.ts';
import type { SourceFile, SourceTree, Workspace } from '../source-tree.ts';

/** Finds imports that point upwards, sideways, past the fence, or to something undeclared. */
export function checkLayers(tree: SourceTree): Problem[] {
  return tree.workspaces.flatMap((workspace) => {
    const allowed = layerMap.get(workspace.name);
    if (allowed === undefined) return [unknownWorkspace(workspace)];
    const declared = workspace.dependencies.flatMap((name) => checkDeclared(workspace, name, allowed));
    const used = workspace.files.flatMap((file) =>
      file.facts.imports.flatMap((it) => checkImport(tree, workspace, file, it)),
    );
    return [...declared, ...used];
  });
}

function unknownWorkspace({ folder, name }: Workspace): Problem {
  const sentence = `${name} is not on the map; say in tools/tidy/src/rules/layers.ts what it may import.`;
  return { path: `${folder}/package.json`, line: 1, rule: 'layers', sentence };
}

function checkDeclared(
  { folder, name }: Workspace,
  dependency: string,
  allowed: readonly string[],
): Problem[] {
  if (!isOurs(dependency) || allowed.includes(dependency)) return [];
  const sentence = `${name} may not depend on ${dependency}; arrows point downwards only.`;
  return [{ path: `${folder}/package.json`, line: 1, rule: 'layers', sentence }];
}

function checkImport(
  tree: SourceTree,
  workspace: Workspace,
  file: SourceFile,
  { specifier, line }: Import,
): Problem[] {
  const sentence = specifier.startsWith('.')
    ? refuseRelative(workspace, file, specifier)
    : refusePackage(tree, workspace, file, specifier);
  return sentence === undefined ? [] : [{ path: file.path, line, rule: 'layers', sentence }];
}

function refuseRelative({ folder }: Workspace, { path }: SourceFile, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith(`${folder}/`)) return undefined;
  return `'${specifier}' leaves the package; import the other package by its name.`;
}

function refusePackage(
  tree: SourceTree,
  workspace: Workspace,
  file: SourceFile,
  specifier: string,
): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  const name = packageOf(specifier);
  const owner = tree.workspaces.find((other) => other.name === name);
  if (owner !== undefined && !owner.entries.includes(`.${specifier.slice(name.length)}`)) {
    return `'${specifier}' is not among the exports of ${name}.`;
  }
  if (file.isSource) {
    return workspace.dependencies.includes(name)
      ? undefined
      : `${name} is not declared in ${workspace.folder}.`;
  }
  const isForTests = name === workspace.name || testTools.has(name) || tree.devDependencies.includes(name);
  const allowed = [...workspace.dependencies, ...(layerMap.get(workspace.name) ?? [])];
  return isForTests || allowed.includes(name)
    ? undefined
    : `tests of ${workspace.name} may not import ${name}.`;
}

/** `@reeve/runtime/virtual` belongs to `@reeve/runtime`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isOurs(name: string): boolean {
  return name.startsWith('@reeve/');
}

const layerMap = new Map(
  Object.entries({
    bytes: [],
    runtime: [],
    cli: ['bytes'],
    'handler-api': [],
    memberlist: ['bytes', 'runtime'],
    raft: ['bytes', 'runtime'],
    serf: ['memberlist', 'bytes', 'runtime', 'cli'],
    'serf-agent': ['sim', 'serf', 'memberlist', 'bytes', 'runtime', 'cli', 'handler-api'],
    handlers: ['handler-api'],
    consul: ['serf', 'memberlist', 'raft', 'bytes', 'runtime', 'cli'],
    sim: ['raft', 'serf', 'memberlist', 'bytes', 'runtime'],
    ui: [],
    golden: [],
    fuzz: [],
    mutate: [],
    namespaces: [],
    tidy: ['bytes', 'cli'],
    bench: ['interop', 'bytes'],
    interop: ['consul', 'raft', 'serf', 'memberlist', 'bytes', 'runtime', 'cli', 'golden', 'namespaces'],
    hostile: ['interop', 'bytes'],
  }).map(([name, below]) => [`@reeve/${name}`, below.map((other) => `@reeve/${other}`)]),
);

/** What every test may use. */
const testTools = new Set(['@reeve/golden', '@reeve/fuzz', '@reeve/namespaces']);
