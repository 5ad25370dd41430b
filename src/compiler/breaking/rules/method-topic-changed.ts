import { topicAt } from "../at-version.js";
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
        const [before, now] = [topicAt(pair.previous, previous, version), topicAt(pair.current, current, version)];
        // What the whole service does is said of the service.
        return before !== now && (before !== pair.previous.topic || now !== pair.current.topic);
      });
      const [first] = differ;
      if (first === undefined) return [];
      const [before, now] = [topicAt(pair.previous, previous, first), topicAt(pair.current, current, first)];
      return [
        methodBreak(method, pair, {
          message: `"${current.name}" was sent to the topic "${before}" and is sent to "${now}"${atVersions(differ, both, pair)}`,
          help: `write topic: [{ since: "${pair.versions.minor}", name: ${now} }, { name: ${before} }]`,
          unless: `the topic of "${current.name}" changed since "${pair.versions.minor}"`,
        }),
      ];
    },
  },
};
