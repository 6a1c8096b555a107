// `npm run tidy`: checks the house rules over this repository and ends with 1 if one is broken.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatProblem } from './problem.ts';
import { buildTree, readTexts } from './source-tree.ts';
import { checkTree } from './tidy.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const exemptions = JSON.parse(readFileSync(new URL('../exemptions.json', import.meta.url), 'utf8'));
const tree = buildTree(readTexts(root));
const problems = checkTree(tree, exemptions);

for (const problem of problems) console.log(formatProblem(problem));
console.log(`tidy: ${tree.files.length} files, ${problems.length === 0 ? 'no' : problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
