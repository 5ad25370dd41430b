import type { Rule } from "../finding.js";

/** The service listens on another topic. */
export const topicChanged: Rule = {
  id: "topic-changed",
  category: "WIRE",
  purpose: "The service listens on another topic.",
  explanation:
    "The topic is the queue's name: clients of the previous state send to the old one, where no new server listens. A topic that changes with a version is a rule of the methods: topic: [{ since: VERSION, name: NEW }, { name: OLD }].",
  check: {
    service: ({ previous, current, versions }) =>
      previous.topic === current.topic
        ? []
        : [
            {
              service: current.name,
              subject: "topic",
              message: `the topic was "${previous.topic}" and is "${current.topic}"`,
              help: `keep it; methods can move with a version: topic: [{ since: "${versions.minor}", name: ${current.topic} }, { name: ${previous.topic} }]`,
              at: { current: current.range },
              note: "changes the topic",
            },
          ],
  },
};
