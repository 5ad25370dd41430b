import { expect, test } from "vitest";
import { Deadline } from "../../src/runtime/deadline.js";

test("thousands of operations may share one signal: each costs the same, and all hear of it", () => {
  const controller = new AbortController();
  const { signal } = controller;
  let added = 0;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    added++;
    add(...args);
  };
  const begun = performance.now();
  const deadlines = Array.from({ length: 20_000 }, () => new Deadline(Number.POSITIVE_INFINITY, undefined, signal));
  for (const deadline of deadlines.splice(0, 10_000)) deadline.dispose();
  expect(performance.now() - begun).toBeLessThan(500);
  expect(added).toBe(1);
  let heard = 0;
  for (const deadline of deadlines) deadline.addEventListener("abort", () => void heard++);
  controller.abort(new Error("stop"));
  expect(heard).toBe(10_000);
  expect(deadlines.every(({ aborted }) => aborted)).toBe(true);
});
