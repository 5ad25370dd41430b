/**
 * What a request carries beside its arguments: who asks, on whose behalf, the request's id. Each key goes on the wire as
 * `_context_<key>`, so the values must be JSON. Source: oslo.context, `RequestContext.to_dict`.
 */
export type Context = Readonly<Record<string, unknown>>;

/** The context as a manager gets it. Passed on to another client, it takes its deadline along. */
export type RequestContext = Context & {
  /** Aborts at the deadline, or when the service stops and its drain time is over. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, in milliseconds since 1970; undefined for a cast and where the caller set no time-out. */
  readonly deadline: number | undefined;
};
