import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const page = new URL("../../docs/reliability.md", import.meta.url);
const text = readFileSync(page, "utf8");

/** Each link to a test: its title and its file. Titles hold no brackets of links. */
const named = [...text.matchAll(/\[([^\]]+)\]\((\.\.\/test\/[^)]+)\)/g)].map(([, title = "", path = ""]) => ({
  title,
  path,
}));

/** The literals of a file that can be a test's title, as patterns: what is put in at the run may be anything. */
function titlesIn(source: string): readonly RegExp[] {
  const literals = source.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g);
  return [...literals]
    .map(([, double, template]) => double ?? template ?? "")
    .filter((literal) => literal.replaceAll(/\$\{[^}]*\}|%[sjid]/g, "").length > 10)
    .map((literal) => {
      const parts = literal
        .split(/\$\{[^}]*\}|%[sjid]/)
        .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
      return new RegExp(`^${parts.join(".+")}$`);
    });
}

function sourceOf(path: string): string {
  return readFileSync(new URL(path, page), "utf8");
}

describe("docs/reliability.md", () => {
  test("names a test for every fault and every limit", () => {
    const rows = text
      .split("\n")
      .filter((line) => line.startsWith("| ") && !/^\| (Fault|Too much|fault|kind) /.test(line));
    const faults = rows.filter((row) => row.includes("](../test/"));
    expect(faults.length).toBeGreaterThan(30);
    expect(named).toHaveLength(faults.length);
  });

  test.each(named)("names a test that exists: $title", ({ title, path }) => {
    expect(existsSync(new URL(path, page))).toBe(true);
    expect(titlesIn(sourceOf(path)).some((pattern) => pattern.test(title))).toBe(true);
  });

  test.each(["broker", "network", "cluster", "overload"])("names every test of test/chaos/%s.test.ts", (name) => {
    const path = `../test/chaos/${name}.test.ts`;
    const here = named.filter((each) => each.path === path).map(({ title }) => title);
    const titles = titlesIn(sourceOf(path).replaceAll(/^(?! {2}test\(| {4}`[^`]*`,$).*$/gm, ""));
    expect(titles.length).toBeGreaterThan(0);
    const unnamed = titles.filter((pattern) => !here.some((title) => pattern.test(title)));
    expect(unnamed).toEqual([]);
  });
});
