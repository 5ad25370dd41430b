import { child, entriesOf, textOf } from "../../document.js";
import type { Rule } from "../rule.js";

/** Every version says what it brought. */
export const describeVersion: Rule = {
  id: "describe-version",
  group: "docs",
  severity: "warning",
  purpose: "Every version says what it brought.",
  explanation:
    "The table of versions is the history of the API. Who has to choose a version cap reads there what a version is needed for.",
  example: 'versions: { "1.0": First version., "1.1": "" }\nmethods:\n  start: { kind: cast, since: "1.1" }\n',
  fix: 'versions: { "1.0": First version., "1.1": Adds start. }\nmethods:\n  start: { kind: cast, since: "1.1" }\n',
  check({ files }, report) {
    for (const { document } of files) {
      for (const { key, keyNode, value } of entriesOf(child(document.root, "versions"))) {
        if ((textOf(value) ?? "").trim() !== "") continue;
        report(keyNode.range, `version ${key} does not say what it brought`, { help: `write "${key}": Adds start.` });
      }
    }
  },
};
