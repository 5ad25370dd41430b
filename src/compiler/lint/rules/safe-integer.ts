import { child, itemsOf, jsonOf, type Node } from "../../document.js";
import type { Rule } from "../rule.js";
import { baseOf } from "../subject.js";

/** Integers stay below 2^53, or are bigints. */
export const safeInteger: Rule = {
  id: "safe-integer",
  group: "wire",
  severity: "error",
  purpose: "Integers that go beyond 2^53 - 1 are of the type bigint.",
  explanation:
    "A number of JavaScript holds whole numbers up to 2^53 - 1 exactly. The type integer refuses larger ones, so that a limit beyond it can never be reached, and nanoseconds since 1970 have been beyond it since April 1970. The type bigint takes any size; on the wire both are the same digits.",
  example: "types:\n  Ticks: { type: integer, maximum: 18446744073709551615 }\n",
  fix: "types:\n  Ticks: { type: bigint, maximum: 18446744073709551615 }\n",
  check({ values }, report) {
    for (const { file, name, entry, what, type, long } of values) {
      if (type === undefined) continue;
      const base = baseOf(type, file);
      if (base?.name !== "integer") continue;
      for (const word of ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum"]) {
        const node = child(long, word);
        for (const each of node?.kind === "list" ? itemsOf(node) : node === undefined ? [] : [node]) {
          if (isUnsafe(each)) {
            report(each.range, `an integer cannot hold ${String(jsonOf(each))}: it is beyond 2^53 - 1`, { help });
          }
        }
      }
      const isOwn = base.aliases.length === 0 || what === "alias";
      if (isOwn && what !== "result" && /(^|_)(ns|nanos|nanoseconds)$/i.test(name)) {
        report(entry.keyNode.range, `"${name}" looks like nanoseconds, which soon go beyond 2^53 - 1`, {
          help: `${help}; an integer is fine for nanoseconds of less than 104 days`,
        });
      }
    }
  },
};

const help = "use the type bigint";

function isUnsafe(node: Node): boolean {
  const value = jsonOf(node);
  return typeof value === "bigint" || (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER);
}
