// Something a client has told all agents. Upstream: agent/user_event.go (UserEvent).

/** One event. */
export interface UserEvent {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly payload: Uint8Array;
  /** Regular expressions for which agents it is meant: by their name, by the id of a service, by its tags. */
  readonly nodeFilter: string;
  readonly serviceFilter: string;
  readonly tagFilter: string;
  /** 1 */
  readonly version: number;
}

/** An event that has arrived. */
export interface ReceivedEvent extends UserEvent {
  /** When it was sent, on gossip's Lamport clock. */
  readonly lTime: number;
}
