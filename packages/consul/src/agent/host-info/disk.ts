// The disk that `/` is on. Source: gopsutil disk_unix.go (Usage), disk_linux.go (fsTypeMap).

import { statfs } from 'node:fs/promises';
import type { JsonOutput } from '@reeve/cli';

/** How full it is; what is kept for the superuser is neither used nor free. */
export async function diskInfo(): Promise<JsonOutput> {
  const { type, bsize, blocks, bfree, bavail, files, ffree } = await statfs('/');
  const used = (blocks - bfree) * bsize;
  const free = bavail * bsize;
  return {
    path: '/',
    fstype: fileSystems.get(type) ?? '',
    total: blocks * bsize,
    free,
    used,
    usedPercent: percent(used, used + free),
    inodesTotal: files,
    inodesUsed: files - ffree,
    inodesFree: ffree,
    inodesUsedPercent: percent(files - ffree, files),
  };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}

/** By the number that the kernel knows them by, the usual ones. */
const fileSystems: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext2/ext3'],
  [0x5846_5342, 'xfs'],
  [0x9123_683e, 'btrfs'],
  [0x794c_7630, 'overlayfs'],
  [0x0102_1994, 'tmpfs'],
  [0x2fc1_2fc1, 'zfs'],
  [0x6969, 'nfs'],
]);
