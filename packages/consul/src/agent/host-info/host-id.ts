// What the system calls this machine, for node ids that survive a reinstallation of the agent.
// Source: shirou/gopsutil host_linux.go (HostID).

import { readFileSync } from 'node:fs';

/** The id; undefined if the system tells none. */
export function hostId(): string | undefined {
  for (const path of idFiles) {
    try {
      const id = readFileSync(path, 'latin1').trim();
      if (id.length === uuidLength) return id;
      if (id.length === digits) return id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    } catch {
      // not for us to read, or not there: the next one
    }
  }
  return undefined;
}

const idFiles = ['/sys/class/dmi/id/product_uuid', '/etc/machine-id', '/proc/sys/kernel/random/boot_id'];
const uuidLength = 36;
/** A UUID without its dashes, which is how systemd writes it. */
const digits = 32;
