// @reeve/golden – reads the captures of the real programs in `testdata/`. For tests only.
// What the captures are and how they were taken: testdata/README.md.

export { type CapturedProgram, CaptureError, captureNames, capturePath } from './captures.ts';
export { type CapturedCall, type CapturedCommand, readCommand } from './command.ts';
export { type Dig, type DigAnswer, readDig } from './dig.ts';
export { type Exchange, readProbes, readRpc } from './exchanges.ts';
export type { Dump } from './hex-dump.ts';
export { type HttpCapturedAnswer, type HttpExchange, readHttp } from './http.ts';
export { type CapturedMessage, readNetRpc } from './net-rpc.ts';
export {
  type CapturedEntry,
  type CapturedLog,
  readRaftLog,
  readRaftMessages,
  readStateAfterLog,
} from './raft-log.ts';
export { readPlain, readTranscript, type Transcript } from './transcript.ts';
export { readWire, type WireBlock, type WireCapture } from './wire.ts';
