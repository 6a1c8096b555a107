// Memory, in bytes. Source: gopsutil mem_linux.go (VirtualMemory).

import { freemem, totalmem } from 'node:os';
import type { JsonOutput } from '@reeve/cli';
import { namedValues, systemFile } from './system-file.ts';

/** All of it. What can be taken back from the kernel's own tables counts as cached. */
export async function memoryInfo(): Promise<JsonOutput> {
  const values = namedValues(await systemFile('/proc/meminfo'));
  const bytes = (name: string): number => Number.parseInt(values.get(name) ?? '0', 10) * bytesPerUnit;
  const count = (name: string): number => Number.parseInt(values.get(name) ?? '0', 10);
  const total = bytes('MemTotal') || totalmem();
  const free = bytes('MemFree') || freemem();
  const cached = bytes('Cached') + bytes('SReclaimable');
  const used = total - free - bytes('Buffers') - cached;
  return {
    total,
    available: bytes('MemAvailable') || free,
    used,
    usedPercent: (used / total) * 100,
    free,
    active: bytes('Active'),
    inactive: bytes('Inactive'),
    wired: 0,
    laundry: 0,
    buffers: bytes('Buffers'),
    cached,
    writeback: bytes('Writeback'),
    dirty: bytes('Dirty'),
    writebacktmp: bytes('WritebackTmp'),
    shared: bytes('Shmem'),
    slab: bytes('Slab'),
    sreclaimable: bytes('SReclaimable'),
    sunreclaim: bytes('SUnreclaim'),
    pagetables: bytes('PageTables'),
    swapcached: bytes('SwapCached'),
    commitlimit: bytes('CommitLimit'),
    committedas: bytes('Committed_AS'),
    hightotal: bytes('HighTotal'),
    highfree: bytes('HighFree'),
    lowtotal: bytes('LowTotal'),
    lowfree: bytes('LowFree'),
    swaptotal: bytes('SwapTotal'),
    swapfree: bytes('SwapFree'),
    mapped: bytes('Mapped'),
    vmalloctotal: bytes('VmallocTotal'),
    vmallocused: bytes('VmallocUsed'),
    vmallocchunk: bytes('VmallocChunk'),
    hugepagestotal: count('HugePages_Total'),
    hugepagesfree: count('HugePages_Free'),
    hugepagesize: bytes('Hugepagesize'),
  };
}

const bytesPerUnit = 1024;
