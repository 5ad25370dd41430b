import { expect } from "vitest";
import { compile, importPython } from "../../src/compiler/index.js";

/** The draft of a class with these lines in it; it must compile. */
export async function draftOf(lines: string, before = ""): Promise<string> {
  const body = lines.replace(/^ {4}/gm, "");
  const text = `${before}class CraneAPI${before.includes("class Base") ? "(Base)" : ""}:\n${body}`;
  const { value } = await importPython({ path: "crane.py", text }, { className: "CraneAPI" });
  const draft = value?.text ?? "";
  const found = compile([{ path: "draft.yaml", text: draft }]).diagnostics;
  expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
  return draft;
}
