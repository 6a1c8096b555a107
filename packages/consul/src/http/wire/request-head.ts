// What a request begins with: its first line and its headers. RFC 9112, sections 2 to 6.

import { BadRequest } from './bad-request.ts';
import { type HeaderBlock, parseHeaderBlock, token } from './header-block.ts';

/** The head of one request. */
export interface RequestHead {
  readonly method: string;
  /** As it was sent. */
  readonly target: string;
  /** The target's path, its escapes unresolved. */
  readonly path: string;
  readonly rawQuery: string;
  /** HTTP/1.0: who says nothing about the connection wants it closed. */
  readonly isOld: boolean;
  readonly headers: HeaderBlock;
  /** The same with their text, for the next head. */
  readonly known: KnownHeaders;
  /** Whether the connection is to stay. */
  readonly keepsAlive: boolean;
}

/**
 * Parses a head without its last, empty line. Its characters are its bytes.
 * @param known the headers of an earlier request; they often are the same again
 * @throws BadRequest
 */
export function parseRequestHead(text: string, known?: KnownHeaders): RequestHead {
  const lineEnd = text.indexOf('\r\n');
  if (lineEnd < 0) throw new BadRequest();
  const [, method = '', target = '', version = ''] = requestLine.exec(text.slice(0, lineEnd)) ?? [];
  if (!token.test(method)) throw new BadRequest();
  const address = target.startsWith('/') ? target : originOf(target);
  const path = pathOf(address);
  if (brokenEscape.test(path)) throw new BadRequest();
  const block = text.slice(lineEnd + 2);
  const isKnown = known?.text === block;
  const headers = isKnown ? known.headers : parseHeaderBlock(block);
  if (!version.startsWith('1.')) throw new BadRequest('unsupported protocol version');
  const isOld = version === '1.0';
  if (isOld && headers.framing.kind === 'chunked') throw new BadRequest();
  if (!isOld && !headers.values.has('host')) throw new BadRequest('missing required Host header');
  return {
    method,
    target,
    path,
    rawQuery: address.slice(path.length + 1),
    isOld,
    headers,
    known: isKnown ? known : { text: block, headers },
    keepsAlive: isOld ? headers.connection.includes('keep-alive') : !headers.connection.includes('close'),
  };
}

/** The header lines of a request, and what they say. */
export interface KnownHeaders {
  readonly text: string;
  readonly headers: HeaderBlock;
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
