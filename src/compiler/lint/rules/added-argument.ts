import { child } from "../../document.js";
import { compareVersions } from "../../versions.js";
import type { Rule } from "../rule.js";

/** An argument that came later does not lock older servers out. */
export const addedArgument: Rule = {
  id: "added-argument",
  group: "versions",
  severity: "error",
  purpose: "An argument that was added later has a default, is optional, or says what older servers get.",
  explanation:
    "A required argument without when_older must be given, and is refused before it is sent wherever the version cap is below its since: new clients could not call the method of an older server at all. With a default, or optional: true, it can be left out; when_older: drop leaves it out by itself; when_older: reject says that this is meant.",
  example:
    'versions: { "1.0": First., "1.1": Second. }\nmethods:\n  start: { kind: cast, params: { fast: { type: boolean, since: "1.1" } } }\n',
  fix: 'versions: { "1.0": First., "1.1": Second. }\nmethods:\n  start: { kind: cast, params: { fast: { type: boolean, since: "1.1", default: false } } }\n',
  check({ params }, report) {
    for (const { name, entry, of, param } of params) {
      const since = child(entry.value, "since");
      if (param === undefined || of.method === undefined || since === undefined) continue;
      if (compareVersions(param.interval.since, of.method.interval.since) <= 0) continue;
      // Null counts as not given, and what the compiler makes itself is never missed.
      const isSafe =
        param.optional ||
        param.local ||
        param.from !== undefined ||
        param.const !== undefined ||
        child(entry.value, "when_older") !== undefined;
      if (isSafe) continue;
      report(since.range, `"${name}" was added in ${param.interval.since}, and nothing says what older servers get`, {
        help: "add default: VALUE, optional: true or when_older: drop; when_older: reject where old servers cannot do without",
      });
    }
  },
};
