import { expect } from "vitest";

/** A part of a SARIF log: what the standard says of it is checked here, not by its type. */
type Part = Readonly<Record<string, unknown>>;

/** What a test looks at in a log. */
export interface CheckedLog {
  readonly results: readonly CheckedResult[];
  readonly notifications: readonly string[];
  readonly successful: boolean;
}

interface CheckedResult {
  readonly ruleId: string;
  readonly level: string;
  readonly text: string;
  readonly uri: string;
  /** startLine, startColumn, endLine, endColumn. */
  readonly region: readonly number[];
  readonly fingerprint: string;
}

/**
 * Checks a text against what SARIF 2.1.0 asks of a log and what code scanning services ask beyond that, and gives what
 * is in it. Keys that the standard does not have fail, as its schema has `additionalProperties: false`.
 */
export function checkedSarif(printed: string): CheckedLog {
  const log = JSON.parse(printed) as Part;
  keys(log, ["$schema", "version", "runs"]);
  expect(log["version"]).toBe("2.1.0");
  expect(log["$schema"]).toMatch(/sarif-(schema-)?2\.1\.0\.json$/);
  const [run, ...more] = list(log["runs"]);
  expect(more).toEqual([]);
  keys(run, ["tool", "invocations", "columnKind", "results"]);
  expect(run?.["columnKind"]).toBe("utf16CodeUnits");
  const tool = part(run?.["tool"]);
  keys(tool, ["driver"]);
  const driver = part(tool["driver"]);
  keys(driver, ["name", "semanticVersion", "rules"], ["notifications"]);
  expect(driver["semanticVersion"]).toMatch(/^\d+\.\d+\.\d+/);
  const rules = list(driver["rules"]).map(descriptor);
  const notified = list(driver["notifications"] ?? []).map(descriptor);
  for (const ids of [rules, notified]) expect(new Set(ids).size, "descriptors are unique").toBe(ids.length);

  const results = list(run?.["results"]).map((result) => resultOf(result, rules));
  expect(new Set(results.map(({ ruleId }) => ruleId)), "no rule without a result").toEqual(new Set(rules));
  const prints = results.map(({ fingerprint }) => fingerprint);
  expect(new Set(prints).size, "fingerprints tell results apart").toBe(prints.length);

  const [invocation, ...others] = list(run?.["invocations"]);
  expect(others).toEqual([]);
  keys(invocation, ["executionSuccessful"], ["toolExecutionNotifications"]);
  const notifications = list(invocation?.["toolExecutionNotifications"] ?? []).map((each) => {
    keys(each, ["descriptor", "level", "message"]);
    const { id, index } = part(each["descriptor"]);
    expect(notified[Number(index)]).toBe(id);
    level(each["level"]);
    message(each["message"]);
    return String(id);
  });
  const successful = invocation?.["executionSuccessful"];
  expect(typeof successful).toBe("boolean");
  return { results, notifications, successful: successful === true };
}

function resultOf(result: Part, rules: readonly string[]): CheckedResult {
  keys(result, ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"], ["relatedLocations"]);
  expect(rules[Number(result["ruleIndex"])], "ruleIndex leads to ruleId").toBe(result["ruleId"]);
  const [place, ...more] = list(result["locations"]);
  expect(more).toEqual([]);
  keys(place, ["physicalLocation"]);
  for (const [index, related] of list(result["relatedLocations"] ?? []).entries()) {
    keys(related, ["id", "physicalLocation", "message"]);
    expect(related["id"]).toBe(index);
    location(related["physicalLocation"]);
    message(related["message"]);
  }
  const prints = part(result["partialFingerprints"]);
  keys(prints, ["primaryLocationLineHash"]);
  expect(prints["primaryLocationLineHash"]).toMatch(/^[0-9a-f]{16}:[1-9]\d*$/);
  return {
    ruleId: String(result["ruleId"]),
    level: level(result["level"]),
    text: message(result["message"]),
    ...location(place?.["physicalLocation"]),
    fingerprint: String(prints["primaryLocationLineHash"]),
  };
}

function location(value: unknown): { readonly uri: string; readonly region: readonly number[] } {
  const physical = part(value);
  keys(physical, ["artifactLocation", "region"]);
  const artifact = part(physical["artifactLocation"]);
  keys(artifact, ["uri"]);
  const uri = String(artifact["uri"]);
  // A reference from the repository, or a whole file URI; nothing that a URI cannot have.
  expect(uri).toMatch(/^(file:\/\/\/)?[A-Za-z0-9\-._~!$&'()*+,;=@%/]+$/);
  expect(uri).not.toMatch(/^\/|%(?![0-9A-Fa-f]{2})/);
  const region = part(physical["region"]);
  keys(region, ["startLine", "startColumn", "endLine", "endColumn"]);
  const numbers = ["startLine", "startColumn", "endLine", "endColumn"].map((key) => Number(region[key]));
  expect(numbers.every((each) => Number.isInteger(each) && each >= 1)).toBe(true);
  const [line = 0, column = 0, endLine = 0, endColumn = 0] = numbers;
  expect(endLine > line || (endLine === line && endColumn >= column), "a region ends behind its start").toBe(true);
  return { uri, region: numbers };
}

/** `error`, `warning`: a SARIF level. */
function level(value: unknown): string {
  expect(["none", "note", "warning", "error"]).toContain(value);
  return String(value);
}

/** A text in which braces are doubled (section 3.11.5), given back as a reader sees it. */
function message(value: unknown): string {
  const holder = part(value);
  keys(holder, ["text"]);
  const text = String(holder["text"]);
  expect(text).not.toBe("");
  expect(text.replace(/\{\{|\}\}/g, "")).not.toMatch(/[{}]/);
  expect(text).not.toMatch(/(?<!\\)\[[^[\]]*\]\(/);
  return text.replace(/\{\{/g, "{").replace(/\}\}/g, "}");
}

/** A rule or notification, which says what it is about. */
function descriptor(value: Part): string {
  keys(value, ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"]);
  keys(part(value["shortDescription"]), ["text"]);
  keys(part(value["fullDescription"]), ["text"]);
  keys(part(value["help"]), ["text", "markdown"]);
  level(part(value["defaultConfiguration"])["level"]);
  return String(value["id"]);
}

function keys(value: Part | undefined, needed: readonly string[], allowed: readonly string[] = []): void {
  const names = Object.keys(value ?? {});
  expect(names).toEqual(expect.arrayContaining([...needed]));
  expect(names.filter((name) => !needed.includes(name) && !allowed.includes(name))).toEqual([]);
}

function part(value: unknown): Part {
  expect(typeof value === "object" && value !== null && !Array.isArray(value)).toBe(true);
  // Its keys are looked at one by one.
  return value as Part;
}

function list(value: unknown): readonly Part[] {
  expect(Array.isArray(value)).toBe(true);
  return (value as unknown[]).map(part);
}
