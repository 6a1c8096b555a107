// What every query returns: a value, and the index that a client waits behind.

/** An answer with its `X-Consul-Index`; 0, which clients are shown as 1, where nothing was ever written. */
export interface Indexed<Value> {
  readonly index: number;
  readonly value: Value;
}
