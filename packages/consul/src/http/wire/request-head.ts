// What a request begins with: its first line and its headers. RFC 9112, sections 2 to 6.

import { parseQuery, type Query } from '../query.ts';
import { BadRequest } from './bad-request.ts';
import { type HeaderBlock, parseHeaderBlock, token } from './header-block.ts';

/** The head of one request. */
export interface RequestHead {
  /** All of it, as it came. */
  readonly text: string;
  readonly method: string;
  /** As it was sent. */
  readonly target: string;
  /** The target's path, its escapes unresolved. */
  readonly path: string;
  readonly rawQuery: string;
  /** Undefined if an escape in it is broken. */
  readonly query: Query | undefined;
  /** HTTP/1.0: who says nothing about the connection wants it closed. */
  readonly isOld: boolean;
  readonly headerLines: string;
  readonly headers: HeaderBlock;
  /** Whether the connection is to stay. */
  readonly keepsAlive: boolean;
}

/**
 * Parses a head without its last, empty line. Its characters are its bytes.
 * @param last that of an earlier request; often all of it is the same again, or all but the first line
 * @throws BadRequest
 */
export function parseRequestHead(text: string, last?: RequestHead): RequestHead {
  if (last?.text === text) return last;
  const lineEnd = text.indexOf('\r\n');
  if (lineEnd < 0) throw new BadRequest();
  const [, method = '', target = '', version = ''] = requestLine.exec(text.slice(0, lineEnd)) ?? [];
  if (!token.test(method)) throw new BadRequest();
  const address = target.startsWith('/') ? target : originOf(target);
  const path = pathOf(address);
  if (brokenEscape.test(path)) throw new BadRequest();
  const headerLines = text.slice(lineEnd + 2);
  const headers = last?.headerLines === headerLines ? last.headers : parseHeaderBlock(headerLines);
  if (!version.startsWith('1.')) throw new BadRequest('unsupported protocol version');
  const isOld = version === '1.0';
  if (isOld && headers.framing.kind === 'chunked') throw new BadRequest();
  if (!isOld && !headers.values.has('host')) throw new BadRequest('missing required Host header');
  const rawQuery = address.slice(path.length + 1);
  return {
    text,
    method,
    target,
    path,
    rawQuery,
    query: parseQuery(rawQuery),
    isOld,
    headerLines,
    headers,
    keepsAlive: isOld ? headers.connection.includes('keep-alive') : !headers.connection.includes('close'),
  };
}

/** What follows the authority of an absolute target; `*` stays. */
function originOf(target: string): string {
  if (target === '*') return target;
  const [, rest] = /^[a-z][a-z\d+.-]*:\/\/[^/?]*(.*)$/i.exec(target) ?? [];
  if (rest === undefined) throw new BadRequest();
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function pathOf(address: string): string {
  const mark = address.indexOf('?');
  return mark < 0 ? address : address.slice(0, mark);
}

const requestLine = /^([^ ]+) ([\x21-\x7e\x80-\xff]+) HTTP\/(\d\.\d)$/;
const brokenEscape = /%(?![\da-fA-F]{2})/;
