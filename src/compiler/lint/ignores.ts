import type { Comment } from "../comments.js";
import type { Diagnostic } from "../diagnostic.js";
import type { Document } from "../document.js";
import { ignoreComments } from "../ignore-comments.js";
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
  for (const { comment, rule, reason, range, start, end } of ignoreComments(document)) {
    if (rule === undefined) {
      diagnostics.push(diagnostic("ignore-syntax", ignoreMessages["ignore-syntax"].text({ problem: "rule" }), range));
    } else if (!isRule(rule.name)) {
      const text = ignoreMessages["unknown-rule"].text({ name: rule.name, help: helpFor(rule.name) });
      diagnostics.push(diagnostic("unknown-rule", text, rule.range));
    } else if (reason === "") {
      diagnostics.push(diagnostic("ignore-syntax", ignoreMessages["ignore-syntax"].text({ problem: "reason" }), range));
    } else {
      ignores.push({ rule: rule.name, range: rule.range, start, end, removal: removalOf(comment, document) });
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

function helpFor(name: string): string | undefined {
  if (isCode(name)) return "it is an error of the language, which cannot be silenced";
  const known = [...lintRules.map(({ id }) => id), ...compilerWarnings()];
  return didYouMean(name, known, "rpcgen lint --list shows the rules").help;
}

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
