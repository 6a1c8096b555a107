// Who we are and whom we stand in for.

/** Reeve's version; a test compares it with package.json, which a bundle does not contain. */
export const reeveVersion = '0.1.0';
/** What both of Debian's builds of Serf, 0.9.4 and 0.10.1, call themselves. */
export const serfVersion = '0.8.2-dev';
/** The range of Serf protocol versions; the same as in @reeve/serf, without loading it. */
export const serfProtocol = { min: 2, max: 5 } as const;
