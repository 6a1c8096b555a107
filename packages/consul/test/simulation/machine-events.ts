// What can become of a machine: its process stands still, its clock jumps, its power fails.

import { heal } from './network-events.ts';
import type { Scene } from './scene.ts';

export function block({ cluster, crew, diary }: Scene): void {
  const [name = ''] = crew.inAnyOrder();
  const forMs = cluster.random.float() * blockMsMax;
  diary.note(`${name} stands still for ${forMs.toFixed(0)} ms`);
  diary.count('blocks');
  cluster.host(name).block(forMs);
}

export function jumpClock({ cluster, crew, diary }: Scene): void {
  const [name = ''] = crew.inAnyOrder();
  const byMs = (cluster.random.float() - 0.5) * jumpMsMax;
  diary.note(`the clock of ${name} jumps by ${(byMs / 1_000).toFixed(0)} s`);
  diary.count('clockJumps');
  cluster.host(name).jumpClock(byMs);
}

/** Often in the middle of a write. */
export async function cutPowerOfOne(scene: Scene): Promise<void> {
  const { cluster, crew } = scene;
  const [name = ''] = crew.inAnyOrder();
  if (cluster.random.float() < 0.5) await awaitWrite(scene, name);
  cutPower(scene, name);
  if (cluster.random.float() < 0.7) await startMissing(scene);
}

/** Most of them stand in one room, or all. Their disks are busy: what is lost took long to write. */
export async function cutPowerOfMost(scene: Scene): Promise<void> {
  const { cluster, crew } = scene;
  const { writeMsMax } = cluster;
  const names = crew.inAnyOrder();
  const most = Math.floor(names.length / 2) + 1;
  const count = cluster.random.float() < 0.5 ? names.length : most;
  heal(scene);
  cluster.writeMsMax = busyWriteMsMax;
  await cluster.run(500);
  for (let i = 0; i < 500 && names.filter((name) => cluster.isWriting(name)).length < most; i++)
    await cluster.run(5);
  for (const name of names.slice(0, count)) cutPower(scene, name);
  cluster.writeMsMax = writeMsMax;
  await startMissing(scene);
}

/** Those that are down start again, and join whom they find. */
export async function startMissing({ crew, diary }: Scene): Promise<void> {
  for (const name of await crew.startMissing()) {
    diary.note(`${name} is up again`);
    diary.count('restarts');
  }
}

/** Of what was not synced some is lost. */
export function cutPower({ cluster, diary }: Scene, name: string): void {
  const server = cluster.servers.get(name);
  if (server === undefined) return;
  const { files } = cluster.host(name);
  const bytesOnDisk = () => files.paths.reduce((sum, path) => sum + (files.read(path)?.length ?? 0), 0);
  const before = bytesOnDisk();
  const keepBytes = cluster.random.float() < 0.5 ? 0 : cluster.random.below(keepBytesMax);
  const { parts, kept } = cluster.crash(server, keepBytes);
  diary.note(`${name} loses power, ${parts - kept} of ${parts} parts of what it was writing are lost`);
  diary.count('powerCuts');
  if (kept < parts) diary.count(kept === 0 ? 'lostWrites' : 'tornWrites');
  if (bytesOnDisk() < before) diary.count('tornFiles');
}

/** Waits for a write of the log to be under way, for a while. */
async function awaitWrite({ cluster }: Scene, name: string): Promise<void> {
  for (let i = 0; i < 100 && !cluster.isWriting(name); i++) await cluster.run(5);
}

const blockMsMax = 8_000;
const busyWriteMsMax = 100;
/** Half a day, both ways. */
const jumpMsMax = 24 * 3_600_000;
/** About what a gossip snapshot gets between two syncs. */
const keepBytesMax = 200;
