// Whether the system lets one process have so many sockets. Node has raised its limit as far as it may, when
// it started; what Linux says of it is what counts.

import { readFileSync } from 'node:fs';

/** @throws Error, one sentence with the remedy, when a swarm of so many members needs more than there are. */
export function checkOpenFiles(members: number, limit = openFilesMax()): void {
  const needed = members * socketsAMember + spareFiles;
  if (limit >= needed) return;
  const reason = `${members} members need ${needed} open files, two sockets each, but the limit is ${limit}`;
  throw new Error(`${reason}: raise it with "ulimit -n ${needed}" first`);
}

function openFilesMax(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const [, soft] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
    return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY; // not Linux: the system will say so when a socket cannot be opened
  }
}

const socketsAMember = 2;
/** For both ends of the streams of joins, exchanges and stream pings, and for what the process has itself. */
const spareFiles = 256;
