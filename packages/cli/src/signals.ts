// Signals as something that is handed in, so that a test can send one without a process.

/** The signals a command may react to. */
export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGUSR1';

/** Where signals come from; Node's `process` is one. */
export interface SignalSource {
  on(signal: SignalName, listener: () => void): unknown;
  off(signal: SignalName, listener: () => void): unknown;
}

/** Calls `handle` for each of these signals until the returned function is called. */
export function onSignals(
  source: SignalSource,
  signals: readonly SignalName[],
  handle: (signal: SignalName) => void,
): () => void {
  const listeners = signals.map((signal) => ({ signal, listener: () => handle(signal) }));
  for (const { signal, listener } of listeners) source.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) source.off(signal, listener);
  };
}

/** What Go calls a signal when it prints it, as in `Caught signal: interrupt`. */
export function signalText(signal: SignalName): string {
  return signalTexts[signal];
}

const signalTexts: Readonly<Record<SignalName, string>> = {
  SIGINT: 'interrupt',
  SIGTERM: 'terminated',
  SIGHUP: 'hangup',
  SIGUSR1: 'user defined signal 1',
};
