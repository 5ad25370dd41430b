import { type Comment, marksOf } from "../comments.js";
import type { Diagnostic } from "../diagnostic.js";
import { type Document, entriesOf, itemsOf, type Node } from "../document.js";
import { ignoreMessages } from "../messages/ignores.js";
import { messages } from "../messages.js";
import type { Range } from "../source.js";
import { didYouMean } from "../suggest.js";
import type { Edit } from "./edits.js";
import { lintRules } from "./rules.js";

/** A comment that silences one rule: `# rpcgen-ignore RULE: reason`. */
export interface Ignore {
  readonly rule: string;
  /** The rule's name in the comment. */
  readonly range: Range;
  /** Findings that start here are silenced. */
  readonly start: number;
  readonly end: number;
  /** Removes the comment. */
  readonly removal: Edit;
}

/** The ignore comments of a file, and what is wrong with them. */
export function ignoresOf(document: Document): { readonly ignores: Ignore[]; readonly diagnostics: Diagnostic[] } {
  const ignores: Ignore[] = [];
  const diagnostics: Diagnostic[] = [];
  // Most files have none, and need not be read again.
  if (!document.text.includes(mark)) return { ignores, diagnostics };
  const places = placesOf(document.root);
  for (const comment of marksOf(document.text).comments) {
    const words = /^#\s*rpcgen-ignore\b:?/.exec(comment.text)?.[0];
    if (words === undefined) continue;
    const parsed = /^(\s*)([A-Za-z][\w-]*)\s*(?::\s*(.*))?$/.exec(comment.text.slice(words.length));
    const range = { path: document.path, start: comment.start, end: comment.start + comment.text.length };
    const [, space = "", rule, reason = ""] = parsed ?? [];
    if (rule === undefined || words.endsWith(":")) {
      diagnostics.push(diagnostic("ignore-syntax", ignoreMessages["ignore-syntax"].text({ problem: "rule" }), range));
      continue;
    }
    const start = comment.start + words.length + space.length;
    const at = { path: document.path, start, end: start + rule.length };
    if (!isRule(rule)) {
      const help = isCode(rule)
        ? "it is an error of the language, which cannot be silenced"
        : didYouMean(
            rule,
            [...lintRules.map(({ id }) => id), ...compilerWarnings()],
            "rpcgen lint --list shows the rules",
          ).help;
      diagnostics.push(diagnostic("unknown-rule", ignoreMessages["unknown-rule"].text({ name: rule, help }), at));
    } else if (reason.trim() === "") {
      diagnostics.push(diagnostic("ignore-syntax", ignoreMessages["ignore-syntax"].text({ problem: "reason" }), range));
    } else {
      ignores.push({ rule, range: at, ...scopeOf(comment, document, places), removal: removalOf(comment, document) });
    }
  }
  return { ignores, diagnostics };
}

/** Says that an ignore comment silences nothing. */
export function unusedIgnore({ rule, range }: Ignore): Diagnostic {
  return diagnostic("unused-ignore", ignoreMessages["unused-ignore"].text({ name: rule }), range);
}

/** Whether the code is a warning that the compiler gives by itself, which may be silenced like a rule. */
export function isCompilerWarning(code: string): boolean {
  return isCode(code) && messages[code].severity === "warning";
}

const mark = "rpcgen-ignore";

function diagnostic(
  code: keyof typeof ignoreMessages,
  text: { readonly message: string; readonly help?: string },
  range: Range,
): Diagnostic {
  return { code, severity: ignoreMessages[code].severity, ...text, range };
}

function isRule(name: string): boolean {
  return lintRules.some(({ id }) => id === name) || isCompilerWarning(name);
}

function isCode(name: string): name is keyof typeof messages {
  return Object.hasOwn(messages, name);
}

function compilerWarnings(): string[] {
  return Object.keys(messages).filter(isCompilerWarning);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Every entry and item of a file in its order, with all that is in it. */
function placesOf(root: Node): readonly Place[] {
  const places: Place[] = [];
  const visit = (node: Node, start: number): number => {
    const index = places.length;
    places.push({ start, end: node.range.end });
    let end = node.range.end;
    for (const { keyNode, value } of entriesOf(node)) end = Math.max(end, visit(value, keyNode.range.start));
    for (const item of itemsOf(node)) end = Math.max(end, visit(item, item.range.start));
    places[index] = { start, end };
    return end;
  };
  visit(root, root.range.start);
  // The first is the whole file.
  return places.slice(1);
}

function scopeOf({ start, ownLine }: Comment, { text }: Document, places: readonly Place[]): Place {
  if (!ownLine) {
    const lineEnd = text.indexOf("\n", start);
    return { start: text.lastIndexOf("\n", start) + 1, end: lineEnd === -1 ? text.length : lineEnd };
  }
  const next = places.findIndex((place) => place.start > start);
  const place = places[next];
  if (next === 0) return { start: 0, end: text.length };
  return place ?? { start: text.length, end: text.length };
}

function removalOf({ start, text: comment, ownLine }: Comment, { path, text }: Document): Edit {
  const end = start + comment.length;
  if (!ownLine) return { path, start: text.slice(0, start).trimEnd().length, end, text: "" };
  return {
    path,
    start: text.lastIndexOf("\n", start) + 1,
    end: Math.min(text.length, text.indexOf("\n", end) + 1 || text.length),
    text: "",
  };
}
