// `Disk` over the files of a virtual host, for one life of its process.
//
// Every call takes a moment of virtual time, those on one open file one after the other; a dead process hears
// nothing, and what it had not been told about may not have happened.

import type { AppendFile, Disk, DiskError, RandomAccessFile } from '../disk.ts';
import { closedFileFailure, fileFailure } from '../failures.ts';
import type { Result } from '../network.ts';
import { type DiskCall, VirtualFile, type VirtualFiles } from './files.ts';
import type { Life } from './life.ts';

/** The disk as one life sees it. */
export function createVirtualDisk(files: VirtualFiles, life: Life): Disk {
  return {
    read(path, bytesMax, done) {
      life.later(callMs, () => done(read(files, path, bytesMax)));
    },
    openAppend(path, mode, done) {
      life.later(callMs, () => done(openAppend(files, life, path, mode)));
    },
    openRandomAccess(path, done) {
      life.later(callMs, () => done(openRandomAccess(files, life, path)));
    },
    list(directory, done) {
      life.later(callMs, () => done(list(files, directory)));
    },
    remove(path, done) {
      life.later(callMs, () => done(remove(files, path)));
    },
    replace(path, bytes, mode, done) {
      life.later(callMs, () => done(replace(files, path, [bytes].flat(), mode)));
    },
  };
}

type Outcome<T> = Result<T, DiskError>;

function read(files: VirtualFiles, path: string, bytesMax: number): Outcome<Uint8Array> {
  const fault = files.fault('read', path);
  if (files.isDirectory(path)) return failed('read', path, 'EISDIR');
  const content = files.read(path);
  if (content === undefined) return failed('open', path, 'ENOENT');
  if (fault !== undefined) return failed('read', path, fault);
  return content.length > bytesMax ? failed('read', path, 'EFBIG') : { ok: true, value: content };
}

function openAppend(files: VirtualFiles, life: Life, path: string, mode: number): Outcome<AppendFile> {
  const refusal = createRefusal(files, path);
  if (refusal !== undefined) return failed('open', path, refusal);
  const file = files.get(path) ?? new VirtualFile(mode);
  files.put(path, file);
  return { ok: true, value: new VirtualAppendFile(files, life, path, file) };
}

function openRandomAccess(files: VirtualFiles, life: Life, path: string): Outcome<RandomAccessFile> {
  const file = files.get(path);
  if (file === undefined) return failed('open', path, files.isDirectory(path) ? 'EISDIR' : 'ENOENT');
  const fault = files.fault('open', path);
  if (fault !== undefined) return failed('open', path, fault);
  return { ok: true, value: new VirtualRandomAccessFile(files, life, path, file) };
}

function list(files: VirtualFiles, directory: string): Outcome<readonly string[]> {
  const names = files.list(directory);
  if (names === undefined) return failed('open', directory, 'ENOENT');
  const fault = files.fault('list', directory);
  return fault === undefined ? { ok: true, value: names } : failed('list', directory, fault);
}

function remove(files: VirtualFiles, path: string): Outcome<void> {
  const fault = files.get(path) === undefined ? 'ENOENT' : files.fault('remove', path);
  if (fault !== undefined) return failed('remove', path, fault);
  files.remove(path);
  return { ok: true, value: undefined };
}

function replace(
  files: VirtualFiles,
  path: string,
  pieces: readonly Uint8Array[],
  mode: number,
): Outcome<void> {
  const refusal = createRefusal(files, path);
  if (refusal !== undefined) return failed('open', path, refusal);
  for (const call of ['write', 'sync', 'close', 'rename'] as const) {
    const fault = files.fault(call, path);
    if (fault !== undefined) return failed(call, path, fault);
  }
  const file = new VirtualFile(mode);
  for (const piece of pieces) file.append(piece);
  file.sync();
  files.put(path, file);
  return { ok: true, value: undefined };
}

function createRefusal(files: VirtualFiles, path: string): string | undefined {
  if (files.isDirectory(path)) return 'EISDIR';
  if (!files.hasParent(path)) return 'ENOENT';
  return files.fault('open', path);
}

function failed<T>(call: DiskCall, path: string, code: string): Outcome<T> {
  return { ok: false, error: fileFailure(call, path, code) };
}

class VirtualAppendFile implements AppendFile {
  readonly #files: VirtualFiles;
  readonly #life: Life;
  readonly #path: string;
  readonly #file: VirtualFile;
  #isOpen = true;

  constructor(files: VirtualFiles, life: Life, path: string, file: VirtualFile) {
    this.#files = files;
    this.#life = life;
    this.#path = path;
    this.#file = file;
  }

  append(bytes: Uint8Array, done: (result: Outcome<void>) => void): void {
    this.#call('write', done, () => this.#file.append(bytes));
  }

  sync(done: (result: Outcome<void>) => void): void {
    this.#call('sync', done, () => this.#file.sync());
  }

  close(done: (result: Outcome<void>) => void): void {
    this.#call('close', done, () => {
      this.#isOpen = false;
    });
  }

  /** Calls take equally long, so the agenda keeps them in the order in which they were asked for. */
  #call(call: DiskCall, done: (result: Outcome<void>) => void, act: () => void): void {
    this.#life.later(callMs, () => {
      if (!this.#isOpen) return done({ ok: false, error: closedFileFailure(call, this.#path) });
      const fault = this.#files.fault(call, this.#path);
      if (fault !== undefined) return done(failed(call, this.#path, fault));
      act();
      done({ ok: true, value: undefined });
    });
  }
}

class VirtualRandomAccessFile implements RandomAccessFile {
  readonly #files: VirtualFiles;
  readonly #life: Life;
  readonly #path: string;
  readonly #file: VirtualFile;
  #isOpen = true;

  constructor(files: VirtualFiles, life: Life, path: string, file: VirtualFile) {
    this.#files = files;
    this.#life = life;
    this.#path = path;
    this.#file = file;
  }

  readNow(position: number, into: Uint8Array): Outcome<number> {
    if (!this.#isOpen) return { ok: false, error: closedFileFailure('read', this.#path) };
    const fault = this.#files.fault('read', this.#path);
    if (fault !== undefined) return failed('read', this.#path, fault);
    return { ok: true, value: this.#file.readAt(position, into) };
  }

  writeDurably(position: number, bytes: Uint8Array, done: (result: Outcome<void>) => void): void {
    if (!this.#isOpen) return this.#failClosed('write', done);
    this.#file.beginWrite(position, bytes);
    this.#life.later(this.#files.writeMs(), () => {
      const fault = this.#files.fault('write', this.#path);
      this.#file.endWrite(fault === undefined ? undefined : this.#files.keepsSector);
      done(fault === undefined ? { ok: true, value: undefined } : failed('write', this.#path, fault));
    });
  }

  close(done: (result: Outcome<void>) => void): void {
    if (!this.#isOpen) return this.#failClosed('close', done);
    this.#isOpen = false;
    this.#life.later(callMs, () => done({ ok: true, value: undefined }));
  }

  #failClosed(call: DiskCall, done: (result: Outcome<void>) => void): void {
    this.#life.later(callMs, () => done({ ok: false, error: closedFileFailure(call, this.#path) }));
  }
}

/** About what an SSD takes. */
const callMs = 0.1;
