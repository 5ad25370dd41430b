import { randomFillSync } from "node:crypto";

/** Random bytes for so many ids are made at once: asking for them one by one costs more than all the rest of an id. */
const IDS = 256;
const BYTES = 16;

const random = Buffer.alloc(IDS * BYTES);
let at = random.length;

/** 32 hexadecimal digits, as Python's `uuid4().hex`. */
export function newId(): string {
  if (at === random.length) {
    randomFillSync(random);
    at = 0;
  }
  at += BYTES;
  return random.toString("hex", at - BYTES, at);
}
