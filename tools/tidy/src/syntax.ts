// The bridge to the parser: source text in, a tree to walk out. Nothing else knows the parser.
// Babel's parser, because TypeScript 7 offers no stable one; plain JavaScript, so nothing native has to be
// installed. Next: facts.ts, which asks the tree what the rules want to know.

import { parse } from '@babel/parser';

/** A statement at the top of a file. */
export type Statement = ReturnType<typeof parse>['program']['body'][number];

/** Any node, seen without its kind. */
export interface AnyNode {
  readonly type: string;
  readonly loc: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly [field: string]: unknown;
}

/** Where a node hangs: the field of its parent that holds it. */
export interface Place {
  readonly parent: AnyNode;
  readonly field: string;
}

/** Parses TypeScript or JavaScript. @throws SyntaxError, with `loc`. */
export function parseStatements(text: string): Statement[] {
  return parse(text, { sourceType: 'module', plugins: ['typescript', 'explicitResourceManagement'] }).program
    .body;
}

/** Calls `visit` for a node and everything below it, parents first. */
export function walk(node: object, visit: (node: AnyNode, place: Place | undefined) => void): void {
  if (isNode(node)) visitBelow(node, undefined, visit);
}

function visitBelow(
  node: AnyNode,
  place: Place | undefined,
  visit: (node: AnyNode, place: Place | undefined) => void,
): void {
  visit(node, place);
  for (const [field, value] of Object.entries(node)) {
    if (notChildren.has(field)) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visitBelow(child, { parent: node, field }, visit);
    }
  }
}

/** Whether a value in the tree is a node. */
export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'loc' in value;
}

const notChildren = new Set(['loc', 'leadingComments', 'trailingComments', 'innerComments']);
