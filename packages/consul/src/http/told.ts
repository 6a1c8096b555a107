// What was told to one of those whom the same change has woken, for the others who have asked in the same
// words. Who asks with another token or in another form has used other words. Nobody is told what was found
// before he asked: all of them were waiting when the change came, and the first one has looked since.

import type { CallSignal } from '../waiting/call-signal.ts';
import { Later } from '../waiting/later.ts';
import { type Soon, whenThere } from '../waiting/soon.ts';
import { JsonText } from './json-text.ts';
import type { HttpResponse } from './response.ts';

/** The responses of those who were woken. */
export class Told {
  /** By the change and the words. Nobody has a change any more when all have been told. */
  readonly #responses = new WeakMap<object, Map<object, HttpResponse>>();

  /** The response to a request that waits: its own, or that of another one. */
  share(words: object, signal: CallSignal, own: Soon<HttpResponse>): Later<HttpResponse> {
    const response = new Later<HttpResponse>();
    let woken: object | undefined;
    signal.woken = (change, look) => {
      const known = this.#responses.get(change)?.get(words);
      if (known !== undefined) return response.settle({ ok: true, value: known });
      woken = change;
      look();
      woken = undefined;
    };
    whenThere(own, (mine) => {
      const value = woken === undefined ? mine : this.#keep(woken, words, mine);
      response.settle({ ok: true, value });
    });
    return response;
  }

  #keep(change: object, words: object, { status, headers, body }: HttpResponse): HttpResponse {
    const isText = typeof body === 'string' && body !== '';
    const response = { status, headers, body: isText ? new JsonText(body) : body };
    const responses = this.#responses.get(change);
    if (responses === undefined) this.#responses.set(change, new Map([[words, response]]));
    else responses.set(words, response);
    return response;
  }
}
