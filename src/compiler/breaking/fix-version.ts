import { child, type Document, type Entry, entriesOf, itemsOf, type MapNode, type Node, textOf } from "../document.js";
import { addKey, type Edit, isFlow, replaceNode } from "../lint/edits.js";
import { load } from "../load.js";
import type { Version } from "../model.js";
import type { Source } from "../source.js";
import { compareVersions } from "../versions.js";
import type { Finding, Since } from "./finding.js";
import { joined } from "./texts.js";
import type { Verdict } from "./verdict.js";

/**
 * Writes the least version that may carry the changes into a service's file, and `since` at new methods and parameters
 * that claim to be older. Everything else stays as it is, comments and layout too.
 *
 * @param findings those of the service
 * @returns the new text; the same where nothing is to be written
 */
export function fixVersion(source: Source, verdict: Verdict, findings: readonly Finding[]): string {
  const document = load(source).value;
  const versions = child(document?.root, "versions");
  if (document === undefined || versions?.kind !== "map") return source.text;
  const version = verdict.isEnough ? newestOf(versions, verdict) : verdict.required;
  const edits = [
    ...(verdict.isEnough ? [] : versionEdits(document, versions, verdict)),
    ...findings.flatMap(({ since }) => (since === undefined ? [] : sinceEdits(document, since, version))),
  ];
  return applied(source.text, edits);
}

/** The version of what is new: the one above the previous state's newest. */
function newestOf(versions: MapNode, { previous, declared }: Verdict): Version {
  const fresh = versions.entries.map(({ key }) => key).filter((key) => compareVersions(key, previous) > 0);
  return fresh[0] ?? declared;
}

function versionEdits(document: Document, versions: MapNode, verdict: Verdict): Edit[] {
  const { previous, declared, required } = verdict;
  if (compareVersions(declared, previous) > 0) {
    // The author has named a version for these changes, so it is that one which gets another number.
    return renumbered(document.root, declared, required, document);
  }
  const last = versions.entries.at(-1);
  if (last === undefined) return [];
  const text = `"${required}": ${quoted(descriptionOf(verdict))}`;
  const end = endOf(document, last.value);
  if (isFlow(document, versions)) return [insertion(document, end, `, ${text}`)];
  const lineStart = document.text.lastIndexOf("\n", last.keyNode.range.start - 1) + 1;
  const pad = " ".repeat(last.keyNode.range.start - lineStart);
  const at = lineEnd(document.text, end);
  const lineBreak = document.text[at] === "\r" ? "\r\n" : "\n";
  return [insertion(document, at, `${lineBreak}${pad}${text}`)];
}

/** Places where a version may stand, beside the keys of `versions`. */
const versionKeys = new Set(["since", "until", "before", "label"]);

function renumbered(root: Node, from: Version, to: Version, document: Document): Edit[] {
  const edits: Edit[] = [];
  const put = (node: Node): void => {
    if (textOf(node) === from) edits.push(...replaceNode(document, node, `"${to}"`));
  };
  const visit = (node: Node): void => {
    for (const item of itemsOf(node)) visit(item);
    for (const { key, value } of entriesOf(node)) {
      if (versionKeys.has(key)) put(value);
      visit(value);
    }
  };
  for (const section of ["methods", "errors"]) {
    const node = child(root, section);
    if (node !== undefined) visit(node);
  }
  for (const { value } of entriesOf(child(root, "releases"))) put(value);
  for (const { key, keyNode } of entriesOf(child(root, "versions"))) {
    if (key === from) edits.push(...replaceNode(document, keyNode, `"${to}"`));
  }
  return edits;
}

/** Methods of imported files are left alone: other services count their own versions there. */
function sinceEdits(document: Document, { method, param }: Since, version: Version): Edit[] {
  const ofMethod = entryOf(child(document.root, "methods"), method);
  const entry = param === undefined ? ofMethod : entryOf(child(ofMethod?.value, "params"), param);
  if (entry === undefined) return [];
  const since = child(entry.value, "since");
  if (since !== undefined) return replaceNode(document, since, `"${version}"`);
  return addKey(document, entry, "since", `"${version}"`) ?? [];
}

function entryOf(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === "map" ? node.byKey.get(key) : undefined;
}

/** What the version brings, in the words of the changes. */
function descriptionOf({ notes, previous }: Verdict): string {
  const shown = notes.slice(0, 4);
  const more = notes.length > shown.length ? ["more"] : [];
  const text = joined([...shown, ...more]);
  return text === "" ? `Follows ${previous}.` : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Words alone need no quotes; in braces a comma would end them. */
function quoted(text: string): string {
  return /^[A-Za-z][\w .-]*$/.test(text) ? text : JSON.stringify(text);
}

function insertion({ path }: Document, at: number, text: string): Edit {
  return { path, start: at, end: at, text };
}

/** Where the value's last character is; the range of a text of many lines has its line end too. */
function endOf(document: Document, { range }: Node): number {
  const written = document.text.slice(range.start, range.end);
  return range.start + written.trimEnd().length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  if (end === -1) return text.length;
  return text[end - 1] === "\r" ? end - 1 : end;
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + replacement + result.slice(end);
  }
  return result;
}
