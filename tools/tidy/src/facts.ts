// What the rules need to know about one source file: imports, exports, functions, names.
// Rules look at facts only, so this file and syntax.ts are the only ones that change with the parser.

import { type AnyNode, isNode, type Place, parseStatements, type Statement, walk } from './syntax.ts';

/** Everything the rules ask about a file. */
export interface Facts {
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  readonly functions: readonly FunctionSpan[];
  /** Names that are used, not those of properties; and `async`, `await`, `Math.random`. */
  readonly names: readonly NameUse[];
  /** Variables and constants, where they are declared by their name alone. */
  readonly variables: readonly NameUse[];
}

/** A module that is named: in `import`, in `export … from`, or in `import(…)`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Something a file offers. */
export interface Export {
  /** The name, or `*`. */
  readonly name: string;
  readonly line: number;
  /** Whether a doc comment stands before the declaration; undefined if it stands in another file. */
  readonly isDocumented: boolean | undefined;
}

/** A function with a body. */
export interface FunctionSpan {
  readonly line: number;
  readonly lines: number;
}

/** A name at a place. */
export interface NameUse {
  readonly name: string;
  readonly line: number;
}

/** Reads the facts from source text. @throws SyntaxError, with `loc`. */
export function readFacts(text: string): Facts {
  const statements = parseStatements(text);
  const imports: Import[] = [];
  const functions: FunctionSpan[] = [];
  const names: NameUse[] = [];
  const variables: NameUse[] = [];
  for (const statement of statements) {
    walk(statement, (node, place) => {
      const { line } = node.loc.start;
      const specifier = specifierOf(node);
      if (specifier !== undefined) imports.push({ specifier, line });
      if (isFunction(node)) functions.push({ line, lines: node.loc.end.line - line + 1 });
      const name = nameOf(node, place);
      if (name !== undefined) names.push({ name, line });
      if (node.type === 'VariableDeclarator' && isNode(node.id) && node.id.type === 'Identifier')
        variables.push({ name: String(node.id.name), line });
    });
  }
  const exports = statements.flatMap((it) => exportsOf(it, statements));
  return { imports, exports, functions, names, variables };
}

function specifierOf(node: AnyNode): string | undefined {
  if (isNode(node.source) && typeof node.source.value === 'string') return node.source.value;
  if (node.type !== 'CallExpression' || !isNode(node.callee) || node.callee.type !== 'Import')
    return undefined;
  const [argument] = Array.isArray(node.arguments) ? node.arguments : [];
  return isNode(argument) && typeof argument.value === 'string' ? argument.value : undefined;
}

function isFunction(node: AnyNode): boolean {
  return /Function|Method$/.test(node.type) && isNode(node.body);
}

function nameOf(node: AnyNode, place: Place | undefined): string | undefined {
  if (node.async === true) return 'async';
  if (node.await === true || node.type === 'AwaitExpression') return 'await';
  if (isRandom(node)) return 'Math.random';
  if (node.type !== 'Identifier' || place === undefined || isPropertyName(place)) return undefined;
  return String(node.name);
}

/** Whether a node at this place names a property, a key or a foreign export, and not a variable. */
function isPropertyName({ parent, field }: Place): boolean {
  return parent.computed !== true && namingFields.has(field) && namingParents.test(parent.type);
}

function isRandom(node: AnyNode): boolean {
  const isCalled = (child: unknown, name: string): boolean => isNode(child) && child.name === name;
  return isCalled(node.object, 'Math') && isCalled(node.property, 'random');
}

function exportsOf(statement: Statement, all: readonly Statement[]): Export[] {
  const { line } = statement.loc?.start ?? { line: 1 };
  switch (statement.type) {
    case 'ExportAllDeclaration':
      return [{ name: '*', line, isDocumented: undefined }];
    case 'ExportDefaultDeclaration':
      return [{ name: 'default', line, isDocumented: hasDocComment(statement) }];
    case 'ExportNamedDeclaration': {
      const { declaration, source } = statement;
      if (declaration) {
        const isDocumented = hasDocComment(statement);
        return declaredNames(declaration).map((name) => ({ name, line, isDocumented }));
      }
      return statement.specifiers.flatMap((specifier) => {
        if (specifier.type !== 'ExportSpecifier') return [{ name: '*', line, isDocumented: undefined }];
        const { name } = specifier.local;
        return [{ name, line, isDocumented: source ? undefined : isDeclaredWithDoc(name, all) }];
      });
    }
    default:
      return [];
  }
}

function isDeclaredWithDoc(name: string, statements: readonly Statement[]): boolean | undefined {
  const declaration = statements.find((statement) => declaredNames(statement).includes(name));
  return declaration === undefined ? undefined : hasDocComment(declaration);
}

function declaredNames(statement: Statement): string[] {
  if (statement.type === 'VariableDeclaration') {
    return statement.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : '(pattern)'));
  }
  return 'id' in statement && statement.id?.type === 'Identifier' ? [statement.id.name] : [];
}

/** Only the comment right above counts; of an overloaded function only the first signature needs one. */
function hasDocComment(statement: Statement): boolean {
  const above = statement.leadingComments?.at(-1);
  return above?.type === 'CommentBlock' && above.value.startsWith('*');
}

const namingFields = new Set(['property', 'key', 'right', 'imported', 'exported']);
const namingParents = /^(Optional)?MemberExpression$|Property|Method|Signature|QualifiedName|Specifier$/;
