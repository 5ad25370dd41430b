import type { Diagnostic } from "../diagnostic.js";
import type { Model } from "../model.js";
import { createReporter } from "../report.js";
import { historyOf } from "./history.js";

/** Reports versions that nothing in their definition speaks of. Only for definitions without errors. */
export function checkHistory(model: Model): readonly Diagnostic[] {
  const reporter = createReporter();
  for (const service of model.services) {
    for (const { version, changes, startsMajor, range } of historyOf(service).entries) {
      if (changes.length === 0 && !startsMajor) reporter.report("version-without-change", range, { version });
    }
  }
  return reporter.diagnostics;
}
