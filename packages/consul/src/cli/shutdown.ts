// Ctrl-C and SIGTERM, for the commands that end something before they end.

import { onSignals, type SignalSource } from '@reeve/cli';

/** Aborted by the first of these signals; the process goes on, whatever comes. */
export function onShutdown(signals: SignalSource): AbortSignal {
  const shutdown = new AbortController();
  onSignals(signals, ['SIGINT', 'SIGTERM'], () => shutdown.abort());
  return shutdown.signal;
}

/** Resolves when it is aborted. */
export function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}
