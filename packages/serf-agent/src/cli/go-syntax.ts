// Prints the record of an event as upstream's monitor does, by Go's `%#v`: `[]byte{0x76, 0x31}`,
// `map[interface {}]interface {}{"Port":0x1f0a}`.
//
// That shows more than the values: go-msgpack decodes the one-byte forms of small integers to a signed type,
// which prints in decimal, and the unsigned forms to an unsigned one, which prints in hex. So this reads the
// bytes itself.
// Upstream: cmd/serf/command/monitor.go.

import { DecodeError, MsgpackReader } from '@reeve/bytes';
import { compareText, quote } from '@reeve/cli';

/** A line for each key of an event's record: `\tName: "deploy"`. Throws `DecodeError` if it is no map. */
export function eventLines(record: Uint8Array): string[] {
  const reader = new MsgpackReader(record);
  const lines: string[] = [];
  for (let left = reader.readMapHeader(); left > 0; left--) {
    const key = reader.readText();
    // Go knows a value's type by itself here, and writes bytes in the short form and nil as fmt does.
    const value = goSyntax(reader, depthMax).replace(/^\[\]uint8\{/, '[]byte{');
    lines.push(`\t${key}: ${value === goNil ? '<nil>' : value}`);
  }
  return lines;
}

function goSyntax(reader: MsgpackReader, depthLeft: number): string {
  if (depthLeft === 0) throw new DecodeError('limit', 'an event nested too deeply');
  if (reader.readNil()) return goNil;
  if (reader.isMapNext()) return goMap(reader, depthLeft - 1);
  if (reader.isArrayNext()) {
    const elements: string[] = [];
    for (let left = reader.readArrayHeader(); left > 0; left--)
      elements.push(goSyntax(reader, depthLeft - 1));
    return `[]interface {}{${elements.join(', ')}}`;
  }
  if (reader.isTextNext()) return quote(reader.readText());
  const tag = reader.buffer[reader.offset] ?? 0;
  switch (tag) {
    case 0xc2:
    case 0xc3:
      return `${reader.readBoolean()}`;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return `[]uint8{${[...reader.readBytes()].map(hex).join(', ')}}`;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return hex(reader.readInteger());
    default:
      return `${reader.readFloat64()}`;
  }
}

function goMap(reader: MsgpackReader, depthLeft: number): string {
  const entries: [string, string][] = [];
  for (let left = reader.readMapHeader(); left > 0; left--) {
    entries.push([goSyntax(reader, depthLeft), goSyntax(reader, depthLeft)]);
  }
  entries.sort(([a], [b]) => compareText(a, b));
  return `map[interface {}]interface {}{${entries.map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

const goNil = 'interface {}(nil)';
/** Members with their tags are four deep. */
const depthMax = 16;
