// The files of one virtual host, which outlive its crashes.
//
// Bytes are safe from a power cut once synced; how many of the others survive is up to the test, and which
// sectors of a write in place that was under way. As on Unix an open file is not a name: after a replacement
// an old handle still writes to the old file. Next: disk.ts.

/** The calls that `VirtualFiles.fault` may make fail. */
export type DiskCall = 'open' | 'read' | 'write' | 'sync' | 'close' | 'rename' | 'list' | 'remove';

/** One file's bytes. */
export class VirtualFile {
  /** The permission bits it was created with. */
  readonly mode: number;
  /** Room for the content, of which the first `#length` bytes are in use. */
  #room: Uint8Array;
  #length: number;
  #syncedLength: number;
  #underWay: WriteInPlace | undefined;

  /** A new file, whose content is on the disk already. */
  constructor(mode: number, bytes: Uint8Array = new Uint8Array()) {
    this.mode = mode;
    this.#room = bytes;
    this.#length = bytes.length;
    this.#syncedLength = bytes.length;
  }

  /** The whole content, as a copy. */
  read(): Uint8Array {
    return this.#room.slice(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    this.#put(this.#length, bytes);
  }

  /** Fills `into` from a position on, and says how far. */
  readAt(position: number, into: Uint8Array): number {
    const bytes = this.#room.subarray(Math.min(position, this.#length), this.#length);
    into.set(bytes.subarray(0, into.length));
    return Math.min(bytes.length, into.length);
  }

  /** Whether a write in place is under way. */
  get isWriting(): boolean {
    return this.#underWay !== undefined;
  }

  /** A write that `endWrite` makes last. */
  beginWrite(position: number, bytes: Uint8Array): void {
    this.#underWay = { position, bytes };
  }

  /** All of the write under way is there to stay, or the sectors that are wanted. */
  endWrite(keepsSector: () => boolean = () => true): void {
    if (this.#underWay === undefined) return;
    const { position, bytes } = this.#underWay;
    this.#underWay = undefined;
    for (let at = position, next = 0; at < position + bytes.length; at = next) {
      next = at - (at % sectorBytes) + sectorBytes;
      if (!keepsSector()) continue;
      this.#put(at, bytes.subarray(at - position, next - position));
      this.#syncedLength = Math.max(this.#syncedLength, this.#length);
    }
  }

  sync(): void {
    this.#syncedLength = this.#length;
  }

  /** What a power cut leaves. */
  losePower(keepUnsyncedBytes: number, keepsSector: () => boolean): void {
    this.#length = Math.min(this.#length, this.#syncedLength + keepUnsyncedBytes);
    this.sync();
    this.endWrite(keepsSector);
  }

  /** Between the old end and bytes beyond it are zeros. */
  #put(position: number, bytes: Uint8Array): void {
    const length = Math.max(this.#length, position + bytes.length);
    if (length > this.#room.length) {
      const longer = new Uint8Array(2 * length);
      longer.set(this.#room.subarray(0, this.#length));
      this.#room = longer;
    }
    this.#room.fill(0, this.#length, Math.max(this.#length, position));
    this.#room.set(bytes, position);
    this.#length = length;
  }
}

interface WriteInPlace {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** All files of a host, as its tests see them. */
export class VirtualFiles {
  readonly #files = new Map<string, VirtualFile>();
  readonly #directories = new Set(['', '.', '/']);

  /** Asked before each call of the process: the name of an error (`ENOSPC`) makes the call fail. */
  fault: (call: DiskCall, path: string) => string | undefined = () => undefined;

  /** Asked for each sector of a write in place that fails or is cut off: whether the disk has it. */
  keepsSector: () => boolean = () => false;
  /** How long the next write in place takes, milliseconds: about what an SSD does. */
  writeMs: () => number = () => 0.1;

  /** The paths of all files. */
  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** Whether a write in place is under way. */
  get isWriting(): boolean {
    return [...this.#files.values()].some((file) => file.isWriting);
  }

  /** Makes a directory and those above it. Files cannot be created elsewhere; `/` is there from the start. */
  makeDirectory(path: string): void {
    for (let at = path; !this.#directories.has(at); at = parentOf(at)) this.#directories.add(at);
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  /** Whether a file could be created here. */
  hasParent(path: string): boolean {
    return this.#directories.has(parentOf(path));
  }

  get(path: string): VirtualFile | undefined {
    return this.#files.get(path);
  }

  /** Makes a path mean a file, in place of the one that was there. */
  put(path: string, file: VirtualFile): void {
    this.#files.set(path, file);
  }

  /** The content of a file, if it is there. */
  read(path: string): Uint8Array | undefined {
    return this.#files.get(path)?.read();
  }

  /** Puts a file in place before or between the runs of a process; makes its directory. */
  write(path: string, bytes: Uint8Array, mode = 0o644): void {
    this.makeDirectory(parentOf(path));
    this.put(path, new VirtualFile(mode, bytes.slice()));
  }

  /** Removes a file, if it is there. */
  remove(path: string): void {
    this.#files.delete(path);
  }

  /** A power cut: of each file the first `keepUnsyncedBytes` behind what was synced are left. */
  losePower(keepUnsyncedBytes: number): void {
    for (const file of this.#files.values()) file.losePower(keepUnsyncedBytes, this.keepsSector);
  }

  /** The process is gone, the system is not: what it was told to write in place is written. */
  endWrites(): void {
    for (const file of this.#files.values()) file.endWrite();
  }

  /** The names in a directory; undefined if there is none. */
  list(directory: string): readonly string[] | undefined {
    if (!this.isDirectory(directory)) return undefined;
    const inIt = this.paths.filter((path) => parentOf(path) === directory);
    return inIt.map((path) => path.slice(path.lastIndexOf('/') + 1));
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === 0 ? '/' : path.slice(0, Math.max(slash, 0));
}

/** What a disk writes as a whole. */
const sectorBytes = 512;
