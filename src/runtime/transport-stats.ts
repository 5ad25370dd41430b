/** How one connection is, and how often it has been made and lost. */
export interface ConnectionStats {
  readonly state: ConnectionStateName;
  /** Times that it was made. */
  readonly opened: number;
  /** Times that it was lost. */
  readonly lost: number;
  /** When it was last made, in milliseconds since 1970; undefined before the first time. */
  readonly openedAt: number | undefined;
  /** Why it is not there: what the last attempt failed with, or how it was lost. */
  readonly problem?: string;
}

/** The states of a connection; `amqp/connection.ts` says what each means. */
export type ConnectionStateName = "idle" | "connecting" | "open" | "blocked" | "waiting" | "closed";

/** What a transport has done since it was made, and what it has to do. */
export interface TransportStats {
  readonly connections: { readonly publish: ConnectionStats; readonly consume: ConnectionStats };
  /** Messages that it was given to send. Each ends as one of the next three, or is part of the backlog. */
  readonly published: number;
  /** The broker has taken them. */
  readonly confirmed: number;
  /** Mandatory messages which no queue took. */
  readonly returned: number;
  /** Not sent, or not confirmed. */
  readonly failed: number;
  /** Messages that wait for a connection, for a blocked broker, or for their confirmation. */
  readonly backlog: number;
  /** Their bytes. */
  readonly backlogBytes: number;
  /** Messages that arrived. */
  readonly delivered: number;
  /** Of these, the ones that were too large, and were rejected. */
  readonly oversized: number;
  /** Servers and reply queues that are subscribed. */
  readonly subscriptions: number;
}

/** The counters of a transport; its parts add to them. */
export class Traffic {
  published = 0;
  confirmed = 0;
  returned = 0;
  failed = 0;
  backlog = 0;
  backlogBytes = 0;
  delivered = 0;
  oversized = 0;

  /** The counters as they are now. */
  snapshot(): Omit<TransportStats, "connections" | "subscriptions"> {
    const { published, confirmed, returned, failed, backlog, backlogBytes, delivered, oversized } = this;
    return { published, confirmed, returned, failed, backlog, backlogBytes, delivered, oversized };
  }
}
