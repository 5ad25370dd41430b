import { randomUUID } from "node:crypto";

/** 32 hexadecimal digits, as Python's `uuid4().hex`. */
export function newId(): string {
  return randomUUID().replaceAll("-", "");
}
