// Rules of `Disk`.

import { type AppendFile, type Disk, DiskError } from '../disk.ts';
import { type Bench, type BenchCase, check, checkBytes, checkEqual, patternBytes } from './bench.ts';

/** The cases about files. */
export const diskCases: readonly BenchCase[] = [
  {
    name: 'reading a file that is not there fails with ENOENT',
    async run(bench) {
      const { disk, path } = place(bench, 'none');
      const error = await bench.failure<Uint8Array, DiskError>((done) => disk.read(path, 100, done));
      check(error instanceof DiskError, 'not a DiskError');
      checkEqual([error.code, error.message], ['ENOENT', `open ${path}: no such file or directory`], 'error');
    },
  },
  {
    name: 'a replaced file is read back whole, as often as one likes',
    async run(bench) {
      const { path } = place(bench, 'whole');
      const reused = patternBytes(50);
      await replace(bench, path, reused);
      reused.fill(0);
      checkBytes(await read(bench, path), patternBytes(50), 'content written from reused bytes');
      for (const length of [0, 1, 300_000]) {
        await replace(bench, path, patternBytes(length));
        const first = await read(bench, path);
        checkBytes(first, patternBytes(length), 'content');
        first.fill(0);
        checkBytes(await read(bench, path), patternBytes(length), 'content read again');
      }
    },
  },
  {
    name: 'a file larger than the limit fails with EFBIG, one of that size does not',
    async run(bench) {
      const { disk, path } = place(bench, 'large');
      await replace(bench, path, patternBytes(1_000));
      const error = await bench.failure<Uint8Array, DiskError>((done) => disk.read(path, 999, done));
      checkEqual([error.code, error.message], ['EFBIG', `read ${path}: file too large`], 'error');
      checkEqual(
        (await bench.value<Uint8Array, DiskError>((done) => disk.read(path, 1_000, done))).length,
        1_000,
        'length',
      );
    },
  },
  {
    name: 'appends are written and answered in the order in which they were asked for',
    async run(bench) {
      const { path } = place(bench, 'appended');
      const file = await openAppend(bench, path);
      const answered: string[] = [];
      const parts = Array.from({ length: 100 }, (_, index) => patternBytes((index * 37) % 500, index));
      for (const [index, part] of parts.entries()) {
        bench.call(() =>
          file.append(
            part,
            bench.callback(({ ok }) => answered.push(`${index} ${ok}`)),
          ),
        );
      }
      bench.call(() => file.sync(bench.callback(({ ok }) => answered.push(`sync ${ok}`))));
      bench.call(() => file.close(bench.callback(({ ok }) => answered.push(`close ${ok}`))));
      await bench.until(() => answered.length === parts.length + 2, 'all answers');
      checkEqual(
        answered,
        [...parts.map((_, index) => `${index} true`), 'sync true', 'close true'],
        'answers',
      );
      checkBytes(await read(bench, path), joined(parts), 'content');
    },
  },
  {
    name: 'a file opened again is appended to',
    async run(bench) {
      const { path } = place(bench, 'again');
      for (const part of [patternBytes(10), patternBytes(20)]) {
        const file = await openAppend(bench, path);
        await bench.value<void, DiskError>((done) => file.append(part, done));
        await bench.value<void, DiskError>((done) => file.close(done));
      }
      checkBytes(await read(bench, path), joined([patternBytes(10), patternBytes(20)]), 'content');
    },
  },
  {
    name: 'a closed file fails every call through its handler',
    async run(bench) {
      const { path } = place(bench, 'closed');
      const file = await openAppend(bench, path);
      await bench.value<void, DiskError>((done) => file.close(done));
      const calls: [string, (done: Parameters<AppendFile['sync']>[0]) => void][] = [
        ['write', (done) => file.append(patternBytes(1), done)],
        ['sync', (done) => file.sync(done)],
        ['close', (done) => file.close(done)],
      ];
      for (const [name, call] of calls) {
        const error = await bench.failure<void, DiskError>(call);
        checkEqual([error.code, error.message], ['EBADF', `${name} ${path}: file already closed`], 'error');
      }
    },
  },
  {
    name: 'files cannot be made where there is no directory, nor in place of one',
    async run(bench) {
      const { disk } = bench.runtime;
      const { directory } = bench.world;
      const lost = `${directory}/none/file`;
      const opened = await bench.failure<AppendFile, DiskError>((done) => disk.openAppend(lost, 0o644, done));
      checkEqual(opened.message, `open ${lost}: no such file or directory`, 'opening');
      const replaced = await bench.failure<void, DiskError>((done) =>
        disk.replace(lost, patternBytes(1), 0o644, done),
      );
      checkEqual(replaced.message, `open ${lost}: no such file or directory`, 'replacing');
      const taken = await bench.failure<AppendFile, DiskError>((done) =>
        disk.openAppend(directory, 0o644, done),
      );
      checkEqual([taken.code, taken.message], ['EISDIR', `open ${directory}: is a directory`], 'a directory');
      const read = await readFailure(bench, directory);
      checkEqual([read.code, read.message], ['EISDIR', `read ${directory}: is a directory`], 'reading it');
    },
  },
  {
    name: 'calls on one path run in the order in which they were asked for',
    async run(bench) {
      const { disk, path } = place(bench, 'ordered');
      const answers: string[] = [];
      const note = bench.callback((text: string) => answers.push(text));
      for (const length of [100_000, 10, 1_000]) {
        bench.call(() => disk.replace(path, patternBytes(length), 0o644, ({ ok }) => note(`replaced ${ok}`)));
        bench.call(() =>
          disk.read(path, 1 << 20, (result) =>
            note(`read ${result.ok ? result.value.length : result.error}`),
          ),
        );
      }
      await bench.until(() => answers.length === 6, 'all answers');
      const expected = [100_000, 10, 1_000].flatMap((length) => ['replaced true', `read ${length}`]);
      checkEqual(answers, expected, 'answers');
    },
  },
  {
    name: 'a handle opened before a replacement writes to the old file',
    async run(bench) {
      const { path } = place(bench, 'replaced');
      const file = await openAppend(bench, path);
      await bench.value<void, DiskError>((done) => file.append(patternBytes(10), done));
      await replace(bench, path, patternBytes(20, 5));
      await bench.value<void, DiskError>((done) => file.append(patternBytes(10), done));
      await bench.value<void, DiskError>((done) => file.close(done));
      checkBytes(await read(bench, path), patternBytes(20, 5), 'content');
    },
  },
];

function place(bench: Bench, name: string): { disk: Disk; path: string } {
  return { disk: bench.runtime.disk, path: `${bench.world.directory}/${name}` };
}

function read(bench: Bench, path: string): Promise<Uint8Array> {
  return bench.value<Uint8Array, DiskError>((done) => bench.runtime.disk.read(path, 1 << 20, done));
}

function readFailure(bench: Bench, path: string): Promise<DiskError> {
  return bench.failure<Uint8Array, DiskError>((done) => bench.runtime.disk.read(path, 1 << 20, done));
}

function replace(bench: Bench, path: string, bytes: Uint8Array): Promise<void> {
  return bench.value<void, DiskError>((done) => bench.runtime.disk.replace(path, bytes, 0o644, done));
}

function openAppend(bench: Bench, path: string): Promise<AppendFile> {
  return bench.value<AppendFile, DiskError>((done) => bench.runtime.disk.openAppend(path, 0o644, done));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
