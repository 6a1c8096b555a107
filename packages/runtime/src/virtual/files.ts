// The files of one virtual host, which outlive its crashes.
//
// Bytes are safe from a power cut once synced; how many of the others survive is up to the test. As on Unix
// an open file is not a name: after a replacement an old handle still writes to the old file. Next: disk.ts.

/** The calls that `VirtualFiles.fault` may make fail. */
export type DiskCall = 'open' | 'read' | 'write' | 'sync' | 'close' | 'rename';

/** One file's bytes. */
export class VirtualFile {
  /** The permission bits it was created with. */
  readonly mode: number;
  /** Room for the content, of which the first `#length` bytes are in use. */
  #room: Uint8Array;
  #length: number;
  #syncedLength: number;

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
    const length = this.#length + bytes.length;
    if (length > this.#room.length) {
      const longer = new Uint8Array(2 * length);
      longer.set(this.#room);
      this.#room = longer;
    }
    this.#room.set(bytes, this.#length);
    this.#length = length;
  }

  sync(): void {
    this.#syncedLength = this.#length;
  }

  /** What a power cut leaves. */
  losePower(keepUnsyncedBytes: number): void {
    this.#length = Math.min(this.#length, this.#syncedLength + keepUnsyncedBytes);
    this.sync();
  }
}

/** All files of a host, as its tests see them. */
export class VirtualFiles {
  readonly #files = new Map<string, VirtualFile>();
  readonly #directories = new Set(['', '.', '/']);

  /** Asked before each call of the process: the name of an error (`ENOSPC`) makes the call fail. */
  fault: (call: DiskCall, path: string) => string | undefined = () => undefined;

  /** The paths of all files. */
  get paths(): readonly string[] {
    return [...this.#files.keys()];
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
    for (const file of this.#files.values()) file.losePower(keepUnsyncedBytes);
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === 0 ? '/' : path.slice(0, Math.max(slash, 0));
}
