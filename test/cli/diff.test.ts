import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "../../src/cli/diff.js";

describe("unifiedDiff", () => {
  it("is empty where the texts are equal", () => {
    expect(unifiedDiff("a.ts", "one\ntwo\n", "one\ntwo\n")).toBe("");
    expect(unifiedDiff("a.ts", undefined, undefined)).toBe("");
  });

  it("shows a changed line with three lines around it", () => {
    const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    expect(unifiedDiff("a.ts", before, before.replace("5", "five"))).toBe(
      "--- a/a.ts\n+++ b/a.ts\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    );
  });

  it("calls the missing side of a new or removed file /dev/null", () => {
    expect(unifiedDiff("a.ts", undefined, "one\n")).toBe("--- /dev/null\n+++ b/a.ts\n@@ -0,0 +1,1 @@\n+one\n");
    expect(unifiedDiff("a.ts", "one\n", undefined)).toBe("--- a/a.ts\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-one\n");
  });

  it("marks a last line without a line end", () => {
    expect(unifiedDiff("a.ts", "one\n", "one")).toBe(
      "--- a/a.ts\n+++ b/a.ts\n@@ -1,1 +1,1 @@\n-one\n+one\n\\ No newline at end of file\n",
    );
  });

  it("keeps two changes in one hunk when at most six lines are between them, otherwise not", () => {
    const lines = (count: number): string => Array.from({ length: count }, (_, index) => `${index}\n`).join("");
    const change = (count: number): string => unifiedDiff("a", `x\n${lines(count)}y\n`, `X\n${lines(count)}Y\n`);
    expect(change(6).match(/^@@/gm)).toHaveLength(1);
    expect(change(7).match(/^@@/gm)).toHaveLength(2);
  });

  it("gives texts that patch the old into the new one, whatever they are", () => {
    const text = fc
      .array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "d\n"), { maxLength: 40 })
      .map((all) => all.join(""));
    fc.assert(
      fc.property(text, text, fc.boolean(), fc.boolean(), (left, right, cutLeft, cutRight) => {
        const before = cutLeft ? left.slice(0, -1) : left;
        const after = cutRight ? right.slice(0, -1) : right;
        expect(patched(before, unifiedDiff("f", before, after))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it("ends soon where nothing is alike in two long texts", () => {
    const long = (letter: string): string => Array.from({ length: 5000 }, (_, i) => `${letter}${i}\n`).join("");
    const started = performance.now();
    expect(patched(long("a"), unifiedDiff("f", long("a"), long("b")))).toBe(long("b"));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

/** Applies a unified diff strictly: every line of context and every removed line must be where it is said to be. */
function patched(before: string, diff: string): string {
  if (diff === "") return before;
  const lines = before === "" ? [] : before.split(/(?<=\n)/);
  const result: string[] = [];
  let at = 0;
  for (const hunk of diff.split(/^(?=@@)/m).slice(1)) {
    const header = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n/.exec(hunk);
    if (header === null) throw new Error(`no hunk header: ${hunk}`);
    const [, from, removed, , added] = header.map(Number);
    const start = removed === 0 ? (from ?? 0) : (from ?? 0) - 1;
    result.push(...lines.slice(at, start));
    at = start;
    const marked = hunk.slice(header[0].length).split(/(?<=\n)/);
    const edits = marked
      .map((edit, index) => (marked[index + 1]?.startsWith("\\") === true ? edit.slice(0, -1) : edit))
      .filter((edit) => !edit.startsWith("\\"));
    let seen = [0, 0] as [number, number];
    for (const edit of edits.filter((each) => each !== "")) {
      const line = edit.slice(1);
      if (edit[0] !== "+" && lines[at] !== line) throw new Error(`line ${at + 1} is not ${JSON.stringify(line)}`);
      if (edit[0] !== "+") at += 1;
      if (edit[0] !== "-") result.push(line);
      seen = [seen[0] + (edit[0] === "+" ? 0 : 1), seen[1] + (edit[0] === "-" ? 0 : 1)];
    }
    if (seen[0] !== removed || seen[1] !== added) throw new Error(`the hunk's counts are wrong: ${header[0]}`);
  }
  return [...result, ...lines.slice(at)].join("");
}
