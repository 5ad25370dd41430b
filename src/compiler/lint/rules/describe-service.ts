import { child, textOf } from "../../document.js";
import type { Rule } from "../rule.js";
import { isDescribed } from "./describe.js";

/** Every service has a description. */
export const describeService: Rule = {
  id: "describe-service",
  group: "docs",
  severity: "warning",
  purpose: "Every service has a description.",
  explanation:
    "The description becomes the doc comment of the API and the manager, and the first thing in documents: what the service is for.",
  example: "topic: demo\n",
  fix: "description: Runs instances on one host.\n",
  check({ files }, report) {
    for (const { document } of files) {
      const node = child(document.root, "service");
      if (node === undefined || isDescribed(document.root)) continue;
      report(node.range, `the service "${textOf(node)}" has no description`, {
        help: "say what it is for: description: Runs instances on one host.",
      });
    }
  },
};
