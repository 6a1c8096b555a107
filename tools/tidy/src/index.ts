// @reeve/tidy – the house rules, checked. `npm run tidy` runs main.ts; tests use what is exported here.

export { formatProblem, type Problem } from './problem.ts';
export { buildTree, readTexts, type SourceFile, type SourceTree, type Workspace } from './source-tree.ts';
export { checkTree, type Exemption } from './tidy.ts';
