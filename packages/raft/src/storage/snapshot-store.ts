// Where a server keeps the newest two snapshots of its state machine.
//
// Two files take turns; each is replaced as a whole, so that a crash leaves the old one or the new one. The
// older snapshot is there for an operator to go back to: we only ever use the newest. A file that is not
// what was written is refused, never skipped: without it committed entries would be missing in silence.

import type { Disk, DiskError, Result } from '@reeve/runtime';
import { RaftError, type SnapshotMeta } from '../core/index.ts';
import { IncomingFile, type IncomingSnapshot } from './incoming-snapshot.ts';
import { type OpenSnapshot, OpenSnapshotFile } from './open-snapshot.ts';
import { readSnapshotFile, snapshotHead } from './snapshot-file.ts';

/** What keeps snapshots. */
export interface SnapshotStore {
  /** The newest one. */
  readonly latest: SnapshotMeta | undefined;
  /** Keeps a snapshot, all pieces of it, which is then the newest, in place of the oldest. One at a time. */
  save(meta: SnapshotMeta, state: readonly Uint8Array[], done: (result: Result<void>) => void): void;
  /** Takes one that arrives, until all of it is there and can be saved; in place of one before it. */
  receive(done: (result: Result<IncomingSnapshot>) => void): void;
  /** The bytes of the newest one. */
  load(done: (result: Result<Uint8Array>) => void): void;
  /** The newest one, to be read piece by piece and then closed. */
  open(done: (result: Result<OpenSnapshot>) => void): void;
  /** Forgets the newest one, which nobody may use; the one before is the newest again. */
  forget(done: (result: Result<void>) => void): void;
}

/** Opens the snapshots in a directory, which must be there. Fails when a file is damaged. */
export function openSnapshots(
  disk: Disk,
  directory: string,
  done: (result: Result<SnapshotStore>) => void,
): void {
  const paths = fileNames.map((name) => `${directory}/${name}`);
  const slots: Slot[] = [];
  const readNext = (): void => {
    const path = paths[slots.length];
    if (path === undefined) return done({ ok: true, value: new FileSnapshots(disk, directory, slots) });
    readSlot(disk, path, (result) => {
      if (!result.ok) return done(result);
      const { meta, headBytes } = result.value ?? emptySlot; // the state itself is not kept
      slots.push({ path, content: { meta, headBytes } });
      readNext();
    });
  };
  readNext();
}

/** One of the two files. */
interface Slot {
  readonly path: string;
  content: SlotContent;
}

/** What is known of it. */
interface SlotContent {
  /** Undefined while it holds none. */
  readonly meta: SnapshotMeta | undefined;
  /** What stands before the state. */
  readonly headBytes: number;
}

class FileSnapshots implements SnapshotStore {
  readonly #disk: Disk;
  readonly #slots: readonly Slot[];
  readonly #incoming: IncomingFile;

  constructor(disk: Disk, directory: string, slots: readonly Slot[]) {
    this.#disk = disk;
    this.#incoming = new IncomingFile(disk, `${directory}/${incomingName}`);
    this.#slots = slots;
  }

  get latest(): SnapshotMeta | undefined {
    return this.#newestFirst()[0]?.content.meta;
  }

  save(meta: SnapshotMeta, state: readonly Uint8Array[], done: (result: Result<void>) => void): void {
    const oldest = this.#newestFirst().at(-1);
    if (oldest === undefined) throw new Error('there are two slots');
    const head = snapshotHead(meta, state);
    this.#replace(oldest, { meta, headBytes: head.length }, [head, ...state], done);
  }

  receive(done: (result: Result<IncomingSnapshot>) => void): void {
    this.#incoming.begin(done);
  }

  load(done: (result: Result<Uint8Array>) => void): void {
    const newest = this.#newestFirst()[0];
    if (newest === undefined) throw new Error('there are two slots');
    readSlot(this.#disk, newest.path, (result) => {
      if (!result.ok) return done(result);
      if (result.value === undefined) return done({ ok: false, error: new Error(`${newest.path} is gone`) });
      done({ ok: true, value: result.value.data });
    });
  }

  open(done: (result: Result<OpenSnapshot>) => void): void {
    const newest = this.#newestFirst()[0];
    const { meta, headBytes } = newest?.content ?? emptySlot;
    if (newest === undefined || meta === undefined)
      return done({ ok: false, error: new Error('there is no snapshot') });
    const { path } = newest;
    this.#disk.openRandomAccess(path, (opened) => {
      if (!opened.ok) return done(opened);
      const file = opened.value;
      if (this.latest !== meta) return file.close(() => this.open(done)); // a newer one, perhaps in this file
      const parts = { file, meta, headBytes, damaged: damaged(path) };
      done({ ok: true, value: new OpenSnapshotFile(parts) });
    });
  }

  forget(done: (result: Result<void>) => void): void {
    const newest = this.#newestFirst()[0];
    if (newest === undefined) throw new Error('there are two slots');
    this.#replace(newest, emptySlot, [], done);
  }

  #replace(
    slot: Slot,
    content: SlotContent,
    file: readonly Uint8Array[],
    done: (result: Result<void>) => void,
  ): void {
    this.#disk.replace(slot.path, file, fileMode, (result) => {
      if (result.ok) slot.content = content;
      done(result);
    });
  }

  #newestFirst(): readonly Slot[] {
    return this.#slots.toSorted((a, b) => (b.content.meta?.index ?? 0) - (a.content.meta?.index ?? 0));
  }
}

type Content = (SlotContent & { readonly data: Uint8Array }) | undefined;

/** What is in a file; nothing if it is missing or empty. */
function readSlot(disk: Disk, path: string, done: (result: Result<Content>) => void): void {
  disk.read(path, fileBytesMax, (result: Result<Uint8Array, DiskError>) => {
    if (!result.ok) {
      return result.error.code === 'ENOENT' ? done({ ok: true, value: undefined }) : done(result);
    }
    if (result.value.length === 0) return done({ ok: true, value: undefined });
    const content = readSnapshotFile(result.value);
    if (content === undefined) return done({ ok: false, error: new RaftError('storage', damaged(path)) });
    done({ ok: true, value: { ...content, headBytes: result.value.length - content.data.length } });
  });
}

function damaged(path: string): string {
  const directory = path.slice(0, path.lastIndexOf('/'));
  return (
    `${path}: the snapshot is damaged, its checksum is wrong. Put back a copy of the file; ` +
    `or, if the other servers have a leader, remove ${directory} and start again: they send everything`
  );
}

const emptySlot: SlotContent = { meta: undefined, headBytes: 0 };
const fileNames = ['snapshot-0', 'snapshot-1'];
const incomingName = 'snapshot-arriving';
const fileMode = 0o600;
/** What one buffer of Node can hold is the limit of a state that is in memory anyway. */
const fileBytesMax = 2 ** 31;
