import type { ReplyAddress } from "./wire/request.js";

/** Bytes from the start of a key in which its value ends. AMQP's names have 255 at most. */
const LONGEST_PAIR = 300;
/** Texts inside the payload that look like the key, which are passed over. */
const MOST_LOOKALIKES = 8;

/**
 * Who waits for the answer to a request that is too large to be read: its two keys are looked for in the bytes, from the
 * end, where only the context stands behind them. Undefined for a cast, and for a body that is compressed.
 */
export function replyAddressWithin(body: Buffer): ReplyAddress | undefined {
  const queue = textAt("_reply_q", body);
  const messageId = queue === undefined ? undefined : textAt("_msg_id", body);
  return messageId === undefined ? undefined : { messageId, queue, heartbeat: null };
}

/** Whose reply it is that is too large to be read; undefined for what names no call. */
export function messageIdWithin(body: Buffer): string | undefined {
  return textAt("_msg_id", body);
}

function textAt(key: string, body: Buffer): string | undefined {
  // Inside an envelope a quote has one backslash, and without one it has none; with more it is part of some text.
  const pair = new RegExp(String.raw`(?<!\\)\\?"${key}\\?"\s*:\s*\\?"([^"\\]+)\\?"`);
  for (let at = body.lastIndexOf(key), tries = 0; at >= 2 && tries < MOST_LOOKALIKES; tries++) {
    const found = pair.exec(body.toString("latin1", Math.max(0, at - 3), at + LONGEST_PAIR));
    if (found !== null) return found[1];
    at = body.lastIndexOf(key, at - 1);
  }
  return undefined;
}
