// Ctrl-C, for the commands that wait for something.

import { onSignals, type SignalSource } from '@reeve/cli';

/** What `work` resolves with, or `interrupted` if the user gives up first. */
export function orInterrupt<T>(signals: SignalSource, work: Promise<T>): Promise<T | 'interrupted'> {
  return new Promise((resolve, reject) => {
    const ignore = onSignals(signals, ['SIGINT'], () => {
      ignore();
      resolve('interrupted');
    });
    work.then(resolve, reject).finally(ignore);
  });
}
