import type { Method } from "../../model.js";
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
      const isSame =
        previous.server.length > 0
          ? previous.server.every((path, at) => current.server[at] === path)
          : current.server.length === 0;
      if (isSame || both.length === 0) return [];
      return [
        methodBreak(method, pair, {
          message: `"${current.name}" went to ${text(previous)} and goes to ${text(current)}`,
          help: "keep the rule; a path added at its end is no change",
          unless: `the server of "${current.name}" stayed as it was`,
        }),
      ];
    },
  },
};

function text({ server }: Method): string {
  return server.length === 0 ? "the caller's server or the topic's queue" : `the server ${server.join(", or ")}`;
}
