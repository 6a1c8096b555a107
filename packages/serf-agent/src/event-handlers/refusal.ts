// What is said of a handler that cannot be used.

/** Why it cannot be, in one sentence that names the key to change. */
export function refusal(command: string, reason: string): Error {
  return new Error(`Invalid event handler '${command}' in 'event_handlers' (-event-handler): ${reason}`);
}
