import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { baselineRules } from "../../src/compiler/breaking/baseline-problems.js";
import { breakingExamples } from "../../src/compiler/breaking/examples.js";
import { allBreakingRules } from "../../src/compiler/breaking/rules.js";
import {
  analyze,
  type BreakingReport,
  breaking,
  type Model,
  readBaseline,
  type Source,
} from "../../src/compiler/index.js";
import { plainText } from "./plain-text.js";
import { exampleSources } from "./support/example-sources.js";

// A case is a folder with definitions in previous/ and current/, perhaps a baseline.yaml, and what is said of them. That
// of a rule has the rule's name. UPDATE_GOLDEN=1 writes expected.txt anew.
const cases = fileURLToPath(new URL("./cases/breaking/", import.meta.url));
const names = readdirSync(cases).sort();

describe("a changed definition", () => {
  for (const name of names) {
    it(`gets the expected findings and verdict: ${name.replaceAll("-", " ")}`, () => {
      const { report, text } = compareCase(name);
      if (name.startsWith("legal-")) {
        expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(report.verdicts.filter(({ isEnough }) => !isEnough)).toEqual([]);
      }
      const expected = `${cases}${name}/expected.txt`;
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(expected, text);
      expect(text).toBe(existsSync(expected) ? readFileSync(expected, "utf8") : "");
    });
  }
});

describe("the table of breaking rules", () => {
  it("has a case for every rule, in which the rule finds something", () => {
    const silent = allBreakingRules
      .filter(({ id }) => !baselineRules.some((rule) => rule.id === id))
      .filter(({ id }) => !names.includes(id) || !compareCase(id).report.findings.some(({ code }) => code === id));
    expect(silent.map(({ id }) => id)).toEqual([]);
    const { text } = compareCase("baseline");
    for (const { id } of baselineRules) expect(text).toContain(` ${id}: `);
  });

  it("compares every rule with buf's in the document about that", () => {
    const document = readFileSync(fileURLToPath(new URL("../../docs/buf.md", import.meta.url)), "utf8");
    const section = document.slice(document.indexOf("\n## Breaking\n"));
    const missing = allBreakingRules
      .filter(({ id }) => !baselineRules.some((rule) => rule.id === id))
      .filter(({ id }) => !section.includes(`\`${id}\``));
    expect(missing.map(({ id }) => id)).toEqual([]);
    // The first column of the table has buf's names, 65 in its version 2.
    const table = section.split("\n").filter((line) => /^\| [A-Z]+_/.test(line));
    const names = table.flatMap((line) => line.split("|")[1]?.match(/[A-Z]+_[A-Z_0-9]+/g) ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(65);
  });

  it("explains every rule in full sentences, each with a name of its own", () => {
    for (const { purpose, explanation } of allBreakingRules) {
      expect(purpose).toMatch(/^[A-Z].*\.$/);
      expect(explanation).toMatch(/^[A-Z].*\.$/s);
    }
    expect(new Set(allBreakingRules.map(({ id }) => id)).size).toBe(allBreakingRules.length);
  });
});

describe("the example of a breaking rule", () => {
  const rules = allBreakingRules.filter(({ id }) => !baselineRules.some((rule) => rule.id === id));
  const stateOf = (text: string, versions: string): Model =>
    modelOf(exampleSources(/^versions:/m.test(text) ? text : `${versions}\n${text}`));

  it.each(rules.map(({ id }) => id))("%s: is found in the example, and the fix breaks nothing", (id) => {
    const texts = breakingExamples[id];
    if (texts?.before === undefined) throw new Error("it has no example");
    const before = stateOf(texts.before, 'versions: { "1.0": First version. }');
    const since = (text: string): BreakingReport =>
      breaking(before, stateOf(text, 'versions: { "1.0": First version, "1.1": Changes. }'));
    expect(since(texts.example).findings.map(({ code }) => code)).toContain(id);
    const { findings, verdicts } = since(texts.fix);
    expect(findings.filter(({ code, severity }) => code === id || severity === "error")).toEqual([]);
    expect(verdicts.filter(({ isEnough }) => !isEnough)).toEqual([]);
  });

  it.each(baselineRules.map(({ id }) => id))("%s: is found in the example, and not in the fix", (id) => {
    const stop = "methods:\n  start: { kind: cast }\n  stop: { kind: cast }\n";
    const both = stateOf(stop, 'versions: { "1.0": First version. }');
    const one = stateOf(stop.replace(/ {2}stop.*\n/, ""), 'versions: { "1.0": First version, "2.0": Changes. }');
    const codesOf = (text = ""): readonly string[] => {
      const { value, diagnostics } = readBaseline({ path: "rpcgen-baseline.yaml", text });
      const { unused } = breaking(both, id === "baseline-unused" ? both : one, { baseline: value });
      return [...diagnostics, ...unused].map(({ code }) => code);
    };
    expect(codesOf(breakingExamples[id]?.example)).toContain(id);
    expect(codesOf(breakingExamples[id]?.fix)).toEqual([]);
  });

  it("is that of a rule", () => {
    const ids = allBreakingRules.map(({ id }) => id);
    expect(Object.keys(breakingExamples).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

function compareCase(name: string): { readonly report: BreakingReport; readonly text: string } {
  const previous = sourcesIn(`${name}/previous`);
  const current = sourcesIn(`${name}/current`);
  const path = `${cases}${name}/baseline.yaml`;
  const accepted = existsSync(path) ? { path: "baseline.yaml", text: readFileSync(path, "utf8") } : undefined;
  const baseline = accepted === undefined ? undefined : readBaseline(accepted);
  const report = breaking(
    modelOf(previous),
    modelOf(current),
    baseline === undefined ? {} : { baseline: baseline.value },
  );
  const sources = [
    ...current,
    ...previous.map((source) => ({ ...source, path: `previous:${source.path}` })),
    ...(accepted === undefined ? [] : [accepted]),
  ];
  const problems = plainText([...(baseline?.diagnostics ?? []), ...report.unused], sources);
  const findings = report.findings.map((finding) => `${finding.category} ${plainText([finding], sources)}`).join("");
  return { report, text: problems + findings + verdictsText(report) };
}

function verdictsText({ accepted, verdicts }: BreakingReport): string {
  const reasons = accepted.map(({ code, subject, accepted: reason }) => `accepted ${code} ${subject}: ${reason}\n`);
  const texts = verdicts.map(({ service, previous, required, declared, isEnough, reasons, otherwise, notes }) =>
    [
      `${service}: ${previous} -> ${required}, declared ${declared}: ${isEnough ? "enough" : "not enough"}`,
      ...reasons.map((reason) => `  because ${reason}`),
      ...(otherwise === undefined ? [] : [`  ${otherwise.version} would do if ${otherwise.conditions.join(" and ")}`]),
      ...(notes.length === 0 ? [] : [`  ${notes.join(", ")}`]),
      "",
    ].join("\n"),
  );
  return [...reasons, ...texts].join("");
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(cases + folder)
    .sort()
    .map((path) => ({ path, text: readFileSync(`${cases}${folder}/${path}`, "utf8") }));
}

function modelOf(sources: readonly Source[]): Model {
  const { value, diagnostics } = analyze(sources, () => undefined);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(errors, plainText(errors, sources)).toEqual([]);
  return value;
}
