import { child } from "../../document.js";
import type { Rule } from "../rule.js";

/** What may be sent or delivered twice can be done twice. */
export const retryNotIdempotent: Rule = {
  id: "retry-not-idempotent",
  group: "wire",
  severity: "warning",
  purpose: "What may be sent or delivered twice does not sound as if once more were too much.",
  explanation:
    "A method with idempotent: true is sent again after a lost connection, and a cast with delivery: at-least-once is delivered again after its server has died: the handler may have run already. To create, add or send something twice is rarely harmless. Where it is, because the server recognises the second time, say so with an ignore comment.",
  example: "methods:\n  create_volume: { kind: call, idempotent: true }\n",
  fix: "methods:\n  create_volume: { kind: call }\n",
  check({ methods }, report) {
    for (const { name, entry } of methods) {
      const verb = name.split("_").find((word) => onceVerbs.has(word.toLowerCase()));
      const isFirst = verb !== undefined && name.toLowerCase().startsWith(verb.toLowerCase());
      if (!isFirst) continue;
      const idempotent = child(entry.value, "idempotent");
      const delivery = child(entry.value, "delivery");
      const node =
        idempotent?.kind === "scalar" && idempotent.value === true
          ? idempotent
          : delivery?.kind === "scalar" && delivery.value === "at-least-once"
            ? delivery
            : undefined;
      if (node === undefined) continue;
      const how = node === idempotent ? "sent" : "delivered";
      report(node.range, `"${name}" may be ${how} twice, and to ${verb} twice is rarely what is meant`, {
        help: `remove it, or say why it is harmless: # rpcgen-ignore retry-not-idempotent: …`,
      });
    }
  },
};

const onceVerbs: ReadonlySet<string> = new Set(
  (
    "create add append insert push pop enqueue dequeue increment decrement increase decrease allocate reserve generate issue send " +
    "notify publish submit charge pay buy purchase transfer refund withdraw deposit toggle swap rotate reboot restart clone copy build rebuild evacuate"
  ).split(" "),
);
