import { expect, test } from "vitest";
import { RecentIds } from "../../src/runtime/recent-ids.js";
import { memoryAfterGC } from "../support/memory.js";

test("ids of any length are remembered, and hundreds of long ones take no room", () => {
  const recent = new RecentIds<string>();
  const id = (number: number): string => `${number} `.padEnd(1_000_000, "x");
  const before = memoryAfterGC();
  for (let number = 0; number < 250; number++) {
    expect(recent.add(id(number))).toBe(true);
    recent.keep(id(number), String(number));
  }
  expect(memoryAfterGC() - before).toBeLessThan(20 * 1024 * 1024);
  for (const number of [0, 100, 249]) {
    expect(recent.add(id(number))).toBe(false);
    expect(recent.kept(id(number))).toBe(String(number));
    recent.forget(id(number));
    expect(recent.has(id(number))).toBe(false);
  }
});
