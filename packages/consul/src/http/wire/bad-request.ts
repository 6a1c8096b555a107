// What is no request that can be answered: told in the words of Go's net/http, and the connection ends.
// Upstream: net/http/server.go (conn.serve).

/** Thrown while a request is read. */
export class BadRequest extends Error {
  override name = 'BadRequest';
  /** `400 Bad Request` */
  readonly status: string;

  /** @param reason what the client is told behind the status; nothing where Go says nothing. */
  constructor(reason = '', status = '400 Bad Request', body?: string) {
    const line = reason === '' ? status : `${status}: ${reason}`;
    super(body ?? line);
    this.status = line;
  }

  /** All that is sent. */
  get response(): string {
    const head = 'Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n';
    return `HTTP/1.1 ${this.status}\r\n${head}\r\n${this.message}`;
  }
}

/** More bytes than a head may have. */
export function headTooLarge(): BadRequest {
  return new BadRequest('', '431 Request Header Fields Too Large');
}

/** A body that comes in a way that we do not know. */
export function unsupportedEncoding(): BadRequest {
  return new BadRequest('', '501 Not Implemented', 'Unsupported transfer encoding');
}
