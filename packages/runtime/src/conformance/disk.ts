// Rules of `Disk`.

import { type AppendFile, type Disk, DiskError, type RandomAccessFile } from '../disk.ts';
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
    name: 'what replaces a file in pieces is in it as one',
    async run(bench) {
      const { path } = place(bench, 'pieces');
      const parts = [patternBytes(10), patternBytes(100_000), patternBytes(0), patternBytes(20)];
      await replace(bench, path, parts);
      checkBytes(await read(bench, path), joined(parts), 'content');
      await replace(bench, path, []);
      checkBytes(await read(bench, path), joined([]), 'content');
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
  {
    name: 'what is written in place is read at once, also after the file was opened again',
    async run(bench) {
      const { path } = place(bench, 'in-place');
      await replace(bench, path, patternBytes(3_000));
      const expected = patternBytes(5_000);
      const file = await openRandomAccess(bench, path);
      for (const [position, length] of [
        [0, 10],
        [700, 1_500],
        [2_900, 2_100],
      ] as const) {
        const part = patternBytes(length, 100 + position);
        expected.set(part, position);
        await bench.value<void, DiskError>((done) => file.writeDurably(position, part, done));
        checkBytes(readNow(bench, file, position, length), part, 'what was written');
      }
      await bench.value<void, DiskError>((done) => file.close(done));
      checkBytes(await read(bench, path), expected, 'content');
      const again = await openRandomAccess(bench, path);
      checkBytes(readNow(bench, again, 690, 1_000), expected.slice(690, 1_690), 'content read again');
      await bench.value<void, DiskError>((done) => again.close(done));
    },
  },
  {
    name: 'reading in place ends with the file; between its end and what is written beyond are zeros',
    async run(bench) {
      const { path } = place(bench, 'short');
      await replace(bench, path, patternBytes(10));
      const file = await openRandomAccess(bench, path);
      checkBytes(readNow(bench, file, 4, 100), patternBytes(10).slice(4), 'the rest');
      checkEqual(readNow(bench, file, 10, 100).length, 0, 'bytes at the end');
      checkEqual(readNow(bench, file, 1_000, 100).length, 0, 'bytes beyond the end');
      await bench.value<void, DiskError>((done) => file.writeDurably(12, patternBytes(3), done));
      const whole = joined([patternBytes(10), new Uint8Array(2), patternBytes(3)]);
      checkBytes(readNow(bench, file, 0, 100), whole, 'content');
      await bench.value<void, DiskError>((done) => file.close(done));
    },
  },
  {
    name: 'only a file that is there is opened in place, and a closed one fails every call',
    async run(bench) {
      const { disk, path } = place(bench, 'opened');
      const error = await bench.failure<RandomAccessFile, DiskError>((done) =>
        disk.openRandomAccess(path, done),
      );
      checkEqual([error.code, error.message], ['ENOENT', `open ${path}: no such file or directory`], 'error');
      await replace(bench, path, patternBytes(10));
      const file = await openRandomAccess(bench, path);
      await bench.value<void, DiskError>((done) => file.close(done));
      const written = await bench.failure<void, DiskError>((done) =>
        file.writeDurably(0, patternBytes(1), done),
      );
      const closed = await bench.failure<void, DiskError>((done) => file.close(done));
      const result = bench.call(() => file.readNow(0, new Uint8Array(1)));
      const texts = [written.message, closed.message, result.ok ? '' : result.error.message];
      const expected = ['write', 'close', 'read'].map((call) => `${call} ${path}: file already closed`);
      checkEqual(texts, expected, 'errors');
    },
  },
  {
    name: 'a directory lists its files, and not those that were removed',
    async run(bench) {
      const { disk } = bench.runtime;
      const { directory } = bench.world;
      const list = () => bench.value<readonly string[], DiskError>((done) => disk.list(directory, done));
      const before = (await list()).length;
      for (const name of ['one', 'other']) await replace(bench, `${directory}/${name}`, patternBytes(1));
      const names = await list();
      checkEqual([names.includes('one'), names.includes('other')], [true, true], 'names');
      for (const name of ['one', 'other'])
        await bench.value<void, DiskError>((done) => disk.remove(`${directory}/${name}`, done));
      checkEqual((await list()).length, before, 'how many are left');
      const lost = `${directory}/one`;
      const removed = await bench.failure<void, DiskError>((done) => disk.remove(lost, done));
      checkEqual(
        [removed.code, removed.message],
        ['ENOENT', `remove ${lost}: no such file or directory`],
        'again',
      );
      const listed = await bench.failure<readonly string[], DiskError>((done) =>
        disk.list(`${directory}/none`, done),
      );
      checkEqual(listed.code, 'ENOENT', 'a directory that is not there');
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

function replace(bench: Bench, path: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
  return bench.value<void, DiskError>((done) => bench.runtime.disk.replace(path, bytes, 0o644, done));
}

function openAppend(bench: Bench, path: string): Promise<AppendFile> {
  return bench.value<AppendFile, DiskError>((done) => bench.runtime.disk.openAppend(path, 0o644, done));
}

function openRandomAccess(bench: Bench, path: string): Promise<RandomAccessFile> {
  return bench.value<RandomAccessFile, DiskError>((done) => bench.runtime.disk.openRandomAccess(path, done));
}

/** As many bytes as there are, at most `length`. */
function readNow(bench: Bench, file: RandomAccessFile, position: number, length: number): Uint8Array {
  const into = new Uint8Array(length);
  const result = bench.call(() => file.readNow(position, into));
  if (!result.ok) throw result.error;
  return into.slice(0, result.value);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
