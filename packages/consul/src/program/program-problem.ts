// Why a program cannot be started, in Go's words (os/exec), found out before it is tried: a shell in between
// would have other ones.

import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '@reeve/cli';

/** The problem; undefined: it can be started. */
export function programProblem(program: string, path = process.env.PATH ?? ''): string | undefined {
  if (program === '' || program.includes('/')) {
    const problem = fileProblem(program);
    return problem && `fork/exec ${program}: ${problem}`;
  }
  const isFound = path.split(':').some((folder) => fileProblem(join(folder || '.', program)) === undefined);
  return isFound ? undefined : `exec: ${quote(program)}: executable file not found in $PATH`;
}

function fileProblem(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return 'permission denied';
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'permission denied' : noSuchFile;
  }
}

const noSuchFile = 'no such file or directory';
