// Files over node:fs.
//
// Calls on one path, and on one open file, run in the order in which they were asked for; others side by
// side. Errors name the call, the path and the reason as the original's do. Next: ordered-calls.ts,
// random-access-file.ts.

import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AppendFile, Disk, DiskError, RandomAccessFile } from '../disk.ts';
import { closedFileFailure, fileFailure } from '../failures.ts';
import type { Result } from '../network.ts';
import { OrderedCalls } from './ordered-calls.ts';
import { openRandomAccess } from './random-access-file.ts';
import { diskErrorAt, errorCode } from './system-error.ts';

/** `Disk` on the system's files. */
export function createDisk(): Disk {
  return new NodeDisk();
}

type Done<T> = (result: Result<T, DiskError>) => void;
type Content = Uint8Array | readonly Uint8Array[];

class NodeDisk implements Disk {
  /** Only the paths with a call under way. */
  readonly #paths = new Map<string, OrderedCalls>();

  read(path: string, bytesMax: number, done: Done<Uint8Array>): void {
    this.#add(path, () => read(path, bytesMax), done);
  }

  openAppend(path: string, mode: number, done: Done<AppendFile>): void {
    this.#add(path, async () => new NodeAppendFile(path, await open(path, 'a', mode)), done);
  }

  openRandomAccess(path: string, done: Done<RandomAccessFile>): void {
    this.#add(path, () => openRandomAccess(path), done);
  }

  list(directory: string, done: Done<readonly string[]>): void {
    this.#add(directory, () => readdir(directory), done);
  }

  remove(path: string, done: Done<void>): void {
    this.#add(path, () => unlink(path), done);
  }

  replace(path: string, bytes: Content, mode: number, done: Done<void>): void {
    this.#add(path, () => replace(path, bytes, mode), done);
  }

  #add<T>(path: string, call: () => Promise<T>, done: Done<T>): void {
    const calls = this.#paths.get(path) ?? new OrderedCalls(path);
    this.#paths.set(path, calls);
    calls.add(call, (result) => {
      if (calls.isIdle) this.#paths.delete(path);
      done(result);
    });
  }
}

class NodeAppendFile implements AppendFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #calls: OrderedCalls;
  #isOpen = true;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
    this.#calls = new OrderedCalls(path);
  }

  append(bytes: Uint8Array, done: Done<void>): void {
    this.#add('write', () => this.#file.appendFile(bytes), done);
  }

  sync(done: Done<void>): void {
    this.#add('sync', () => this.#file.sync(), done);
  }

  close(done: Done<void>): void {
    this.#add('close', () => this.#close(), done);
  }

  #add(name: string, call: () => Promise<void>, done: Done<void>): void {
    this.#calls.add(() => {
      if (!this.#isOpen) throw closedFileFailure(name, this.#path);
      return call();
    }, done);
  }

  #close(): Promise<void> {
    this.#isOpen = false;
    return this.#file.close();
  }
}

async function read(path: string, bytesMax: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > bytesMax) throw fileFailure('read', path, 'EFBIG');
    return await readToEnd(file, path, bytesMax);
  } finally {
    await file.close();
  }
}

/** The size was only a promise: files grow, and those of the kernel tell 0. */
async function readToEnd(file: FileHandle, path: string, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(chunkBytes));
    if (bytesRead === 0) return joined(chunks, length);
    length += bytesRead;
    if (length > bytesMax) throw fileFailure('read', path, 'EFBIG');
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * The file beside it has a name nobody else has: of processes that share a file each writes its own, and the
 * last whole one stays.
 */
async function replace(path: string, bytes: Content, mode: number): Promise<void> {
  const beside = `${path}.${randomBytes(8).toString('hex')}.new`;
  try {
    await writeSynced(beside, bytes, mode);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw diskErrorAt(error, path);
  }
  await syncDirectory(dirname(path));
}

/** The file is new, so that it gets `mode`, and is nobody's link. */
async function writeSynced(path: string, bytes: Content, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    for (const piece of [bytes].flat()) await file.appendFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename last. Where a file system has no such call, there still is one of the two files. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    if (!unknownCallCodes.has(errorCode(error))) throw diskErrorAt(error, path);
  } finally {
    await directory.close();
  }
}

const chunkBytes = 256 * 1024;
/** A file system that cannot flush a directory says one of these. */
const unknownCallCodes: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EISDIR']);
