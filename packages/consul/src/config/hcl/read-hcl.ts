// HCL 1 as plain values. A block is always a list of objects, since blocks of one name may be repeated; who
// wants one object takes a list of one for it (../kinds.ts). A text that begins with `{` is JSON, read as
// such; upstream has a reader of its own there, which takes objects inside of objects for repeated blocks.
//
// Own code: of the packages for this language none is kept, and those for HCL 2 read another one.
// Source: hashicorp/hcl v1, decoder.go, lex.go, hcl/ast/ast.go.

import { decodeText } from '@reeve/bytes';
import { type JsonObject, type JsonValue, parseWholeJson } from '@reeve/cli';
import { literalText, literalValue } from './literal.ts';
import { type HclNode, type Item, parseHcl } from './parser.ts';
import { HclError, type Position } from './token.ts';

/** The object that a text stands for. @throws HclError or JsonError */
export function readHcl(bytes: Uint8Array): JsonValue {
  const text = decodeText(bytes);
  if (/^\s*\{/.test(text)) return parseWholeJson(bytes);
  return objectOf(parseHcl(text));
}

/** Later values take the place of earlier ones, lists and blocks are appended to them. */
function objectOf(items: readonly Item[]): JsonObject {
  const object = new Map<string, JsonValue>();
  for (const item of labelsGathered(items)) {
    const before = object.get(item.name);
    const value = 'blocks' in item ? item.blocks : plainValue(item.node, false);
    object.set(item.name, before === undefined ? value : merged(before, value, item.at));
  }
  return Object.fromEntries(object);
}

type NamedValue = { readonly name: string; readonly at: Position } & (
  | { readonly node: HclNode }
  | { readonly blocks: readonly JsonValue[] }
);

/** The first item with a label takes all of its name, in any case, along: `web "a" {}`, `web "b" {}`. */
function labelsGathered(items: readonly Item[]): readonly NamedValue[] {
  const sameName = new Map<string, Item[]>();
  for (const item of items) {
    const others = sameName.get(nameOf(item).toLowerCase());
    if (others === undefined) sameName.set(nameOf(item).toLowerCase(), [item]);
    else others.push(item);
  }
  const gathered = new Set<string>();
  return items.flatMap((item): NamedValue[] => {
    const name = nameOf(item);
    const at = item.value.kind === 'literal' ? item.value.token.at : item.keys[0].at;
    if (gathered.has(name)) return [];
    if (item.keys.length === 1) return [{ name, at, node: item.value }];
    gathered.add(name);
    return [{ name, at, blocks: (sameName.get(name.toLowerCase()) ?? []).map(labelledBlock) }];
  });
}

function labelledBlock(item: Item): JsonValue {
  const [key, label, ...labels] = item.keys;
  if (label !== undefined) return objectOf([{ keys: [label, ...labels], value: item.value }]);
  throw HclError.at(key.at, `root.${nameOf(item)}: map must have string keys`);
}

function nameOf({ keys: [key] }: Item): string {
  return literalText(key);
}

function merged(before: JsonValue, after: JsonValue, at: Position): JsonValue {
  if (!Array.isArray(before)) return after;
  if (Array.isArray(after)) return [...before, ...after];
  throw HclError.at(at, 'unknown slice type: *ast.LiteralType');
}

function plainValue(node: HclNode, isInList: boolean): JsonValue {
  if (node.kind === 'literal') return literalValue(node.token);
  if (node.kind === 'list') return node.items.map((item) => plainValue(item, true));
  return isInList ? objectOf(node.items) : [objectOf(node.items)];
}
