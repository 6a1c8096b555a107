// Programs on machines of their own. They run through a script, of which their test knows nothing.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamespaceNetwork } from '@reeve/namespaces';
import type { Program } from './programs.ts';

/** The program as it runs on a machine; the script that runs it lies in `folder`. */
export function programOn(
  network: NamespaceNetwork,
  machine: number,
  program: Program,
  folder: string,
): Program {
  const path = join(folder, `machine ${machine}, ${program.title}`);
  const command = [...network.enter(machine), `'${program.path}'`, '"$@"'].join(' ');
  writeFileSync(path, `#!/bin/sh\nexec ${command}\n`, { mode: 0o755 });
  return { title: program.title, path };
}
