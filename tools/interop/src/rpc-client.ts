// The little of Serf's RPC that command lines cannot do: user events with any bytes as payload (an argument
// can hold neither a zero byte nor bytes that are no text).
//
// Written for these tests and not shared with the program under test, so that both cannot be wrong in the
// same way.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  boolean,
  bytes,
  encodeWith,
  field,
  MsgpackReader,
  rpcDialect,
  struct,
  text,
  uint64,
} from '@reeve/bytes';
import type { AgentPlace } from './agent.ts';

/** Sends a user event through an agent's RPC. */
export async function sendEvent(
  agent: AgentPlace,
  name: string,
  payload: Uint8Array,
  coalesce = false,
): Promise<void> {
  const [host = '', port = ''] = agent.rpc.split(':');
  const socket = connect({ host, port: Number(port) });
  try {
    await once(socket, 'connect');
    await request(socket, 1, 'handshake', encodeWith(handshakeBody, rpcDialect, { version: 1 }));
    await request(socket, 2, 'event', encodeWith(eventBody, rpcDialect, { name, payload, coalesce }));
  } finally {
    socket.destroy();
  }
}

/** One command whose answer is a header alone, so small that it arrives in one piece. */
async function request(socket: Socket, seq: number, command: string, body: Uint8Array): Promise<void> {
  socket.write(encodeWith(requestHeader, rpcDialect, { command, seq }));
  socket.write(body);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const { error } = responseHeader.decode(new MsgpackReader(answer));
  if (error !== '') throw new Error(`${command}: ${error}`);
}

const requestHeader = struct<{ command: string; seq: number }>({
  command: field('Command', text),
  seq: field('Seq', uint64),
});
const responseHeader = struct<{ error: string; seq: number }>({
  error: field('Error', text),
  seq: field('Seq', uint64),
});
const handshakeBody = struct<{ version: number }>({ version: field('Version', uint64) });
const eventBody = struct<{ name: string; payload: Uint8Array; coalesce: boolean }>({
  name: field('Name', text),
  payload: field('Payload', bytes),
  coalesce: field('Coalesce', boolean),
});
