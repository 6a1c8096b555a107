// Log lines, as they leave a core. Next: the `cli` package, which dates and writes them.

/** Severity, in the words operators know from the original's log lines. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'err';

/** All levels, least severe first. */
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'err'];

/**
 * Takes one log line. The text carries its component, as in `memberlist: Suspect web1 has failed, no acks
 * received`; the date and the level in brackets are added where lines are written.
 */
export type Log = (level: LogLevel, text: string) => void;

/** Drops every line; for tests and for embedding without logs. */
export const silentLog: Log = () => {};
