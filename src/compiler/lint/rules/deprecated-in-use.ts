import { child, itemsOf, textOf } from "../../document.js";
import type { Rule } from "../rule.js";
import { type MethodPart, namesIn } from "../subject.js";

/** What is not deprecated does not need what is. */
export const deprecatedInUse: Rule = {
  id: "deprecated-in-use",
  group: "tidy",
  severity: "warning",
  purpose: "No method that stays needs a type or error that is deprecated.",
  explanation:
    "What is deprecated is to go, and cannot as long as a required argument, a result or a promised error needs it. Deprecate what uses it as well, or move it to what replaces it.",
  example:
    "types:\n  Disk: { deprecated: Use Volume., fields: { size: integer } }\nmethods:\n  attach: { kind: cast, params: { disk: Disk } }\n",
  fix: "types:\n  Volume: { fields: { size: integer } }\nmethods:\n  attach: { kind: cast, params: { disk: Volume } }\n",
  check({ methods, values, params }, report) {
    const old = ({ entry }: MethodPart): boolean =>
      child(entry.value, "deprecated") !== undefined || child(entry.value, "until") !== undefined;
    for (const { name, entry, file } of methods.filter((method) => !old(method))) {
      for (const item of itemsOf(child(entry.value, "errors"))) {
        const error = textOf(item);
        const declared = file.visible.map(({ root }) => child(child(root, "errors"), error ?? ""));
        if (declared.some((one) => child(one, "deprecated") !== undefined)) {
          report(item.range, `"${name}" promises the error "${error}", which is deprecated`);
        }
      }
    }
    const owners = new Map(params.map((param) => [param.entry, param.of]));
    for (const { file, name, entry, what, type, long } of values) {
      const owner =
        what === "parameter"
          ? owners.get(entry)
          : methods.find((method) => child(method.entry.value, "returns") === entry.value);
      if ((what !== "parameter" && what !== "result") || type === undefined || owner === undefined || old(owner))
        continue;
      const mayGo = ["optional", "default", "until", "deprecated"].some((key) => long?.byKey.has(key));
      if (mayGo) continue;
      for (const one of namesIn(type)) {
        const declared = file.visible.map(({ root }) => child(child(root, "types"), one));
        if (!declared.some((node) => child(node, "deprecated") !== undefined)) continue;
        const subject = what === "result" ? `the result of "${name}"` : `"${owner.name}.${name}"`;
        report(
          (long?.byKey.get("type")?.value ?? entry.value).range,
          `${subject} needs the type "${one}", which is deprecated`,
          {
            help: "use what replaces it, or deprecate this too",
          },
        );
      }
    }
  },
};
