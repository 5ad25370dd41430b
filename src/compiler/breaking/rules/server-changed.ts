import type { Method } from "../../model.js";
import { ruleAt } from "../../routes.js";
import type { Rule } from "../finding.js";
import { methodBreak } from "../rule-parts.js";

/** A method goes to another server than it did. */
export const serverChanged: Rule = {
  id: "server-changed",
  category: "ROLLING",
  purpose: "A method goes to another server than it did.",
  explanation:
    "Clients of the two states send the same request to different places, and only one of them is right. A path that is added at the end is no change: it counts only where there was an error before.",
  check: {
    method: (method, pair) => {
      const { previous, current, both } = method;
      const changed = both.find((version) => !isKept(pathsAt(previous, version), pathsAt(current, version)));
      if (changed === undefined) return [];
      return [
        methodBreak(method, pair, {
          message: `"${current.name}" went to ${text(pathsAt(previous, changed))} and goes to ${text(pathsAt(current, changed))}`,
          help: "keep the rule; a path added at its end is no change",
          unless: `the server of "${current.name}" stayed as it was`,
        }),
      ];
    },
  },
};

function pathsAt(method: Method, version: string): readonly string[] {
  return ruleAt(method.server, version) ?? [];
}

function isKept(previous: readonly string[], current: readonly string[]): boolean {
  return previous.length > 0 ? previous.every((path, at) => current[at] === path) : current.length === 0;
}

function text(server: readonly string[]): string {
  return server.length === 0 ? "the caller's server or the topic's queue" : `the server ${server.join(", or ")}`;
}
