// Captures of `dig`: a question over DNS, and the answer as dig writes it down. Next: captures.ts.

import { CaptureError, captureLines } from './captures.ts';

/** One question and its answer. */
export interface Dig {
  /** What was asked; a reverse question has its name. */
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly transport: 'udp' | 'tcp';
  /** What the client took over UDP; undefined without EDNS. */
  readonly payloadBytes: number | undefined;
  /** `127.0.0.0/24`, if the client said on whose behalf it asks. */
  readonly subnet: string | undefined;
  /** What the recorder had to say. */
  readonly remarks: string;
  /** undefined where dig got no answer that it could write down. */
  readonly answer: DigAnswer | undefined;
}

/** An answer, with dig's words; records as `name ttl class type data` with single spaces. */
export interface DigAnswer {
  /** `NOERROR` */
  readonly status: string;
  /** `qr aa rd` */
  readonly flags: string;
  /** What the EDNS part says: `udp: 1232`, and the subnet. Empty without one. */
  readonly edns: readonly string[];
  readonly answers: readonly string[];
  readonly authority: readonly string[];
  readonly additional: readonly string[];
  readonly bytes: number;
}

/** Reads `dns/NAME.txt`. */
export function readDig(name: string): Dig {
  const lines = captureLines(`dns/${name}`, 'consul');
  const split = lines.indexOf('---');
  if (split < 0) throw new CaptureError(`dns/${name} has no answer`);
  const [command = '', ...remarks] = lines.slice(0, split);
  const output = lines.slice(split + 1);
  const words = command.split(' ').slice(1);
  const option = (key: string) =>
    words.find((word) => word.startsWith(`+${key}=`))?.slice(key.length + '+='.length);
  return {
    ...questionOf(words),
    transport: output.some((line) => line.endsWith('(TCP)')) || words.includes('+tcp') ? 'tcp' : 'udp',
    payloadBytes: words.includes('+noedns') ? undefined : Number(option('bufsize') ?? digsPayloadBytes),
    subnet: option('subnet'),
    remarks: remarks.join('\n'),
    answer: answerOf(output),
  };
}

function questionOf(words: readonly string[]): { name: string; type: string; class: string } {
  const reverse = words.indexOf('-x');
  if (reverse >= 0) return { name: reverseName(words[reverse + 1] ?? ''), type: 'PTR', class: 'IN' };
  const rest = words.filter((word, i) => !/^[@+-]/.test(word) && words[i - 1] !== '-p');
  const [name = '', ...others] = rest;
  const isChaos = others.includes('CH');
  return {
    name: name.endsWith('.') ? name : `${name}.`,
    type: others.find((word) => word !== 'CH' && word !== 'IN') ?? 'A',
    class: isChaos ? 'CH' : 'IN',
  };
}

/** As dig does it. */
function reverseName(address: string): string {
  if (!address.includes(':')) return `${address.split('.').reverse().join('.')}.in-addr.arpa.`;
  const [front = '', back = ''] = address.split('::').map((half) =>
    half
      .split(':')
      .filter((group) => group !== '')
      .map((group) => group.padStart(4, '0'))
      .join(''),
  );
  const digits = front + '0'.repeat(32 - front.length - back.length) + back;
  return `${[...digits].reverse().join('.')}.ip6.arpa.`;
}

function answerOf(output: readonly string[]): DigAnswer | undefined {
  const find = (pattern: RegExp) =>
    output.map((line) => pattern.exec(line)?.[1]).find((text) => text !== undefined);
  const status = find(/status: (\w+)/);
  if (status === undefined) return undefined;
  const section = (title: string) => {
    const start = output.indexOf(`;; ${title} SECTION:`);
    const rest = start < 0 ? [] : output.slice(start + 1);
    return rest.slice(0, rest.indexOf('')).map((line) => line.replaceAll(/\s+/g, ' '));
  };
  const payload = find(/flags:; (udp: \d+)/);
  const subnet = find(/CLIENT-SUBNET: (\S+)/);
  return {
    status,
    flags: find(/^;; flags: ([^;]*);/) ?? '',
    edns: [payload, subnet].filter((text) => text !== undefined),
    answers: section('ANSWER'),
    authority: section('AUTHORITY'),
    additional: section('ADDITIONAL'),
    bytes: Number(find(/MSG SIZE {2}rcvd: (\d+)/)),
  };
}

/** What dig 9.18 says by itself. */
const digsPayloadBytes = 1_232;
