/**
 * Where a request goes, in the terms of oslo.messaging: a topic, perhaps one of its servers, perhaps all of them.
 * Source: oslo_messaging.Target.
 */
export interface Target {
  readonly topic: string;
  /** The topic exchange; the transport's control exchange when absent. */
  readonly exchange?: string;
  /** One server of the topic, usually a host name. */
  readonly server?: string;
  /** Every server of the topic. */
  readonly fanout?: boolean;
}

/** A target as people write it: `compute.host1`, `compute (fanout)`, `compute in exchange nova`. */
export function describeTarget(target: Target): string {
  const name = target.server === undefined ? target.topic : `${target.topic}.${target.server}`;
  const exchange = target.exchange === undefined ? "" : ` in exchange ${target.exchange}`;
  return `${name}${target.fanout === true ? " (fanout)" : ""}${exchange}`;
}
