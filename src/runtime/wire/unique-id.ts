/**
 * The same message under another `_unique_id`, so that a receiver takes it for a new one. Only the bytes are kept of a
 * message that may be sent again: its text is many small strings until it is written, and those would be kept with it.
 *
 * @param from the id that the message has: 32 hexadecimal digits that stand nowhere else in it
 */
export function withUniqueId(body: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(body);
  const at = copy.indexOf(from, 0, "latin1");
  if (at >= 0) copy.write(to, at, "latin1");
  return copy;
}
