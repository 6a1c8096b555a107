/** What the members answered to a change or a listing of keys. */
export interface KeyResponse {
  /** What members had to say, by name: their errors, mostly. */
  readonly messages: ReadonlyMap<string, string>;
  /** Members alive when the question was asked. */
  readonly nodes: number;
  readonly responses: number;
  readonly errors: number;
  /** By base64 key: how many members have it. Only filled by `listKeys`. */
  readonly keys: ReadonlyMap<string, number>;
  /** By base64 key: how many members encrypt with it. Empty text for members that answered without a key. */
  readonly primaryKeys: ReadonlyMap<string, number>;
}

/** How a key operation ended: always with what was gathered, and with an error unless every member succeeded. */
export interface KeyOutcome {
  readonly response: KeyResponse;
  readonly error?: Error | undefined;
}

/** How a key operation is carried out. */
export interface KeyOptions {
  /** How many other members also carry each answer back, 0 to 255. */
  readonly relayFactor?: number;
}

/** Changes the keyrings of the whole cluster. Keys are base64 of 16, 24 or 32 bytes. */
export interface KeyManager {
  /** Adds a key for decryption everywhere. */
  installKey(key: string, options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
  /** Makes an installed key the one everybody encrypts with. */
  useKey(key: string, options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
  /** Removes a key everywhere; the primary cannot be removed. */
  removeKey(key: string, options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
  /** Counts all keys in use. */
  listKeys(options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
}
