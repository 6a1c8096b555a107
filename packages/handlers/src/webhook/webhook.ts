// Posts every event as JSON to a URL. An answer other than 2xx is a failure, and so is none in time; how
// long is waited and how often tried again is up to the handler's settings `timeout` and `retries`. Next:
// body.ts.

import { defineHandler } from '@reeve/handler-api';
import { OptionReader } from '../options.ts';
import { eventBody } from './body.ts';

/** What the options say. */
export interface WebhookState {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** `npm:@reeve/handlers/webhook`; options in docs/guides/handlers.md. */
export default defineHandler({
  name: 'webhook',
  setup: readOptions,
  async onEvent(event, { state: { url, headers }, self, signal }) {
    const body = JSON.stringify(eventBody(event, self));
    const answer = await post(url, headers, body, signal);
    await answer.body?.cancel(); // nothing in it is for us
    if (!answer.ok) throw new Error(`${url.origin} answered ${answer.status}`);
  },
});

function readOptions(options: Readonly<Record<string, unknown>>): WebhookState {
  const reader = new OptionReader(options);
  const text = reader.text('url');
  const headers = reader.textsByName('headers');
  reader.finish();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new Error("the option 'url' must be an address such as 'https://example.com/hook'");
  if (url.username !== '' || url.password !== '')
    throw new Error("the option 'url' must not hold a password; put an Authorization into 'headers'");
  new Headers(headers); // throws if one is none
  return { url, headers };
}

// fetch says only "fetch failed"; why is in the cause.
async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  const all = { 'content-type': 'application/json', ...headers };
  try {
    return await fetch(url, { method: 'POST', headers: all, body, signal, redirect: 'manual' });
  } catch (error) {
    const { cause, message } = error as Error;
    throw new Error(`${url.origin}: ${cause instanceof Error ? cause.message : message}`, { cause });
  }
}
