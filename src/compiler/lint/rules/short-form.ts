import { replaceNode } from "../edits.js";
import type { Rule } from "../rule.js";

/** What only has a type is written in the short form. */
export const shortForm: Rule = {
  id: "short-form",
  group: "tidy",
  severity: "warning",
  purpose: "What has nothing but a type is written in the short form: host: string.",
  explanation: "The long form is for what has more to say. The short one reads faster, and says that there is no more.",
  example: "methods:\n  start: { kind: cast, params: { host: { type: string } } }\n",
  fix: "methods:\n  start: { kind: cast, params: { host: string } }\n",
  fixable: true,
  check({ values }, report) {
    for (const { file, name, what, entry, type, long } of values) {
      const [only, ...more] = long?.entries ?? [];
      if (long === undefined || type === undefined || only?.value.kind !== "scalar" || more.length > 0) continue;
      const { text } = file.document;
      const written = text.slice(only.value.range.start, only.value.range.end);
      const whole = { start: entry.keyNode.range.end, end: only.value.range.end };
      // A comment inside would be lost.
      const hasComment = text.slice(whole.start, long.range.end).includes("#");
      const isFlow = text[long.range.start] === "{";
      const fix = hasComment
        ? undefined
        : isFlow
          ? replaceNode(file.document, long, written)
          : [{ path: file.document.path, ...whole, text: `: ${written}` }];
      report(
        entry.keyNode.range,
        `${what === "result" ? `the result of "${name}"` : `"${name}"`} has nothing but a type`,
        { help: `write ${entry.key}: ${written}`, fix },
      );
    }
  },
};
