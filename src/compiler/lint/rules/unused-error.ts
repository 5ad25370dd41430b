import { child, entriesOf, itemsOf, textOf } from "../../document.js";
import { removeEntry } from "../edits.js";
import type { Rule } from "../rule.js";

/** Every error is named by a method. */
export const unusedError: Rule = {
  id: "unused-error",
  group: "tidy",
  severity: "warning",
  purpose: "Every error is named by a method: in errors, too_old or when_older.",
  explanation:
    "A class is generated for a declared error, but no method promises it, so that callers do not know where to expect it. Errors of a library count as used when a service among the inputs names them; a library that no input imports is not looked at.",
  example: "errors:\n  NotFound: { message: Nothing is there. }\nmethods:\n  get: { kind: call }\n",
  fix: "errors:\n  NotFound: { message: Nothing is there. }\nmethods:\n  get: { kind: call, errors: [NotFound] }\n",
  fixable: true,
  check({ files, errors }, report) {
    for (const file of files) {
      if (file.services.length === 0) continue;
      const used = new Set<string>();
      for (const { errors: names, tooOld, params } of file.services.flatMap(({ methods }) => methods)) {
        for (const name of names) used.add(name);
        if (tooOld !== undefined) used.add(tooOld.error);
        for (const { whenOlder } of params) if (typeof whenOlder === "object") used.add(whenOlder.error);
      }
      // A library's methods may be in no service that is linted.
      for (const { value } of entriesOf(child(file.document.root, "methods"))) {
        for (const item of itemsOf(child(value, "errors"))) used.add(textOf(item) ?? "");
      }
      const { root } = file.document;
      const section = root.kind === "map" ? root.byKey.get("errors") : undefined;
      for (const { name, entry } of errors.filter((error) => error.file === file)) {
        if (used.has(name)) continue;
        const fix =
          root.kind === "map" && section?.value.kind === "map"
            ? removeEntry(file.document, section.value, entry, { owner: root, entry: section })
            : undefined;
        const help = "name it in the errors of the methods that answer with it, or remove it";
        report(entry.keyNode.range, `no method names the error "${name}"`, { help, fix });
      }
    }
  },
};
