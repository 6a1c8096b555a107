// HTTP requests and what the real program answered.

import { readFileSync } from 'node:fs';
import { CaptureError, capturePath } from './captures.ts';

/** One request with its answer. Bytes are characters of Latin-1. */
export interface HttpExchange {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** What was sent besides, as it is written: `['X-Consul-Namespace', 'x']`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The body was too long to keep; so many bytes were sent. */
  readonly omittedBodyBytes: number | undefined;
  readonly answer: HttpCapturedAnswer;
}

/** The answer: headers by the names that were sent, the last one of each. */
export interface HttpCapturedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A capture below `testdata/golden/consul`: `http/kv/get`. */
export function readHttp(name: string): HttpExchange {
  const text = readFileSync(capturePath(`${name}.txt`, 'consul'), 'latin1');
  const [, head = '', answer = ''] = /^(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  const [request = '', ...notes] = head.split('\n');
  const [, method = '', target = ''] = /^([A-Z]+) (\S+)$/.exec(request) ?? [];
  if (method === '') throw new CaptureError(`${name} does not begin with a request`);
  const sent = notes.flatMap((line) => /^> ([^:]+): (.*)$/.exec(line)?.slice(1) ?? []);
  const pairs = sent.flatMap((_, at) =>
    at % 2 === 0 ? [[sent[at] ?? '', sent[at + 1] ?? ''] as const] : [],
  );
  const body = pairs.find(([header]) => header === 'body')?.[1] ?? '';
  const omitted = /^<(\d+) bytes>/.exec(body)?.[1];
  return {
    method,
    target,
    headers: pairs.filter(([header]) => header !== 'body'),
    body: omitted === undefined ? body : '',
    omittedBodyBytes: omitted === undefined ? undefined : Number(omitted),
    answer: parseAnswer(answer, name),
  };
}

/** What follows the `---`. A body that is no text is in hex; one without a line end at its end got one. */
function parseAnswer(text: string, name: string): HttpCapturedAnswer {
  const [, status, head = '', body = ''] = /^HTTP\/1\.1 (\d+)[^\n]*\n(.*?)\n\n(.*)$/s.exec(text) ?? [];
  if (status === undefined) throw new CaptureError(`${name} has no answer`);
  const headers = Object.fromEntries(
    head.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const [, , hex] = /^<binary (\d+) bytes> ([\da-f]*)/.exec(body) ?? [];
  if (hex !== undefined) {
    return { status: Number(status), headers, body: Buffer.from(hex, 'hex').toString('latin1') };
  }
  const length = headers['Content-Length'];
  return {
    status: Number(status),
    headers,
    body: length === undefined ? body : body.slice(0, Number(length)),
  };
}
