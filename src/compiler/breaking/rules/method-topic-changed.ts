import { topicNamesAt } from "../at-version.js";
import type { Rule } from "../finding.js";
import { atVersions, methodBreak } from "../rule-parts.js";

/** A method is sent to another topic at a version which the previous state has. */
export const methodTopicChanged: Rule = {
  id: "method-topic-changed",
  category: "WIRE",
  purpose: "A method is sent to another topic at a version which the previous state has.",
  explanation:
    "Old clients send to the old topic and new clients to the new one, both labelled with the same version, so that one of them finds no server. A new topic comes with a new version.",
  check: {
    method: (method, pair) => {
      const { previous, current, both } = method;
      const differ = both.filter((version) => {
        const before = topicNamesAt(pair.previous, previous, version);
        const now = topicNamesAt(pair.current, current, version);
        // What had no topic was an error of the client, so that a name added at the end changes nothing else.
        const isKept = before.every((name, at) => now[at] === name);
        // What the whole service does is said of the service.
        return !isKept && !(isOnly(before, pair.previous.topic) && isOnly(now, pair.current.topic));
      });
      const [first] = differ;
      if (first === undefined) return [];
      const before = topicNamesAt(pair.previous, previous, first);
      const now = topicNamesAt(pair.current, current, first);
      const rules = [
        ...now.map((name) => `{ since: "${pair.versions.minor}", name: ${scalar(name)} }`),
        ...before.map((name) => `{ name: ${scalar(name)} }`),
      ];
      return [
        methodBreak(method, pair, {
          message: `"${current.name}" was sent to the topic "${before.join(", or ")}" and is sent to "${now.join(", or ")}"${atVersions(differ, both, pair)}`,
          help: `write topic: [${rules.join(", ")}]`,
          unless: `the topic of "${current.name}" changed since "${pair.versions.minor}"`,
        }),
      ];
    },
  },
};

function isOnly(names: readonly string[], topic: string): boolean {
  return names.length === 1 && names[0] === topic;
}

/** A brace in a flow collection of YAML begins another one. */
function scalar(name: string): string {
  return name.includes("{") ? `"${name}"` : name;
}
