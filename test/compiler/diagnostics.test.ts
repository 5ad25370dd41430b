import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/compiler/analyze.js";
import type { Source } from "../../src/compiler/index.js";
import { type Code, type Message, messages } from "../../src/compiler/messages.js";
import { plainText } from "./plain-text.js";
import { exampleSources } from "./support/example-sources.js";

// A case is a folder with definitions and the diagnostics they get. UPDATE_GOLDEN=1 writes expected.txt anew.
const cases = fileURLToPath(new URL("./cases/diagnostics/", import.meta.url));

describe("a wrong definition", () => {
  for (const name of readdirSync(cases).sort()) {
    it(`gets the expected diagnostics: ${name.replaceAll("_", " ")}`, () => {
      const folder = `${cases}${name}/`;
      const sources = readdirSync(folder)
        .filter((file) => file.endsWith(".yaml"))
        .sort()
        .map((path): Source => ({ path, text: readFileSync(folder + path, "utf8") }));
      expect(sources, "a case needs a definition").not.toEqual([]);
      const printed = plainText(analyze(sources, () => undefined).diagnostics, sources);
      const expected = `${folder}expected.txt`;
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(expected, printed);
      expect(printed).toBe(existsSync(expected) ? readFileSync(expected, "utf8") : "");
    });
  }
});

it("a file in UTF-16, as PowerShell writes them, gets told so", () => {
  const text = Buffer.from("rpcapi: 1\n", "utf16le").toString("utf8");
  expect(analyze([{ path: "demo.yaml", text }], () => undefined).diagnostics).toMatchObject([
    { code: "not-text", help: "it may be UTF-16: save it in the encoding UTF-8; or is this another kind of file?" },
  ]);
});

describe("the table of messages", () => {
  const entries = Object.entries(messages) as [Code, Message<never>][];

  for (const [code, { example, fix }] of entries) {
    if (example === undefined) continue;
    it(`${code}: the example has the mistake, and the fix has none`, () => {
      const wrong = exampleSources(example);
      const right = exampleSources(fix ?? "");
      expect(codes(wrong), plainText(diagnose(wrong), wrong)).toContain(code);
      // A library by itself is fine as a fix, though nothing is generated from it.
      expect(
        codes(right).filter((one) => one !== "no-service" || code === one),
        plainText(diagnose(right), right),
      ).toEqual([]);
    });
  }

  it("explains every code in full sentences", () => {
    for (const [code, { explanation }] of entries) expect(explanation, code).toMatch(/^[A-Z].*\.$/s);
  });

  it("has an example for every code but those that no short text can show", () => {
    const without = entries.filter(([, { example }]) => example === undefined).map(([code]) => code);
    expect(without).toEqual(["file-too-large", "not-text", "too-many-problems", "too-many-versions"]);
  });

  it("shows every code in a golden case", () => {
    const shown = readdirSync(cases)
      .map((name) => readFileSync(`${cases}${name}/expected.txt`, "utf8"))
      .join("");
    const missing = entries.map(([code]) => code).filter((code) => !shown.includes(` ${code}: `));
    expect(missing).toEqual(["file-too-large", "not-text", "too-many-problems", "too-many-versions"]);
  });
});

function diagnose(sources: readonly Source[]) {
  return analyze(sources, () => undefined).diagnostics;
}

function codes(sources: readonly Source[]): string[] {
  return diagnose(sources).map(({ code }) => code);
}
