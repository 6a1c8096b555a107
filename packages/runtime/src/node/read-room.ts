// One place in memory that all streams are read into. Node gives each read 64 KiB of its own and then shrinks
// them to what came, which is a seventh of what a short request costs. `net.connect` has the option `onread`
// against that; accepted sockets have the same inside, and no way to ask for it. So it is set where `onread`
// sets it.

import type { Socket } from 'node:net';

/** What is inside of a connected socket of Node. */
interface Inside {
  readonly _handle?: { useUserBuffer?(room: Uint8Array): void } | null;
  [field: symbol]: unknown;
}

/** The place, and what keeps the option `onread`, if this is a Node that we know. */
interface ReadRoom {
  readonly bytes: Uint8Array;
  readonly fields: { readonly buffer: symbol; readonly callback: symbol } | undefined;
}

let theRoom: ReadRoom | undefined;

/**
 * From now on bytes of this socket come into the room, and `onBytes` is told how many; it is to take them at
 * once. False where there is no such way: in other programs than Node, and where the system reads ahead
 * (Windows).
 */
export function readIntoRoom(socket: Socket, onBytes: (length: number) => void): boolean {
  theRoom ??= { bytes: new Uint8Array(roomBytes), fields: fieldsOf(socket) };
  const { bytes, fields } = theRoom;
  const inside = socket as unknown as Inside;
  const handle = inside._handle;
  if (fields === undefined || typeof handle?.useUserBuffer !== 'function') return false;
  handle.useUserBuffer(bytes);
  inside[fields.buffer] = bytes;
  inside[fields.callback] = onBytes;
  return true;
}

/** What has just come, in memory of its own. */
export function takeFromRoom(length: number): Uint8Array {
  return theRoom?.bytes.slice(0, length) ?? new Uint8Array(0);
}

function fieldsOf(socket: Socket): ReadRoom['fields'] {
  if (process.platform === 'win32') return undefined;
  const [buffer, callback] = ['kBuffer', 'kBufferCb'].map((name) =>
    Object.getOwnPropertySymbols(socket).find(({ description }) => description === name),
  );
  return buffer === undefined || callback === undefined ? undefined : { buffer, callback };
}

/** As much as libuv reads at once. */
const roomBytes = 65_536;
