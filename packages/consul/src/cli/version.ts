// Who we are and whom we stand in for.

/** Reeve's version; a test compares it with package.json, which a bundle does not contain. */
export const reeveVersion = '0.1.0';
/** What Debian's Consul calls itself. */
export const consulVersion = '1.8.7';
/** The Consul protocols: which is spoken, and which are understood. */
export const consulProtocol = { spoken: 2, min: 2, max: 3 } as const;
