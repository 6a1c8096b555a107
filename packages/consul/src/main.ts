// The `consul` program. Importing this file runs it: bin/load.cjs does so with the bundle made of it.
// Next: cli/program.ts.

import { runProcess } from '@reeve/cli';
import { consulProgram } from './cli/program.ts';

void runProcess(consulProgram); // not awaited: the bundle is CommonJS, where a module cannot wait
