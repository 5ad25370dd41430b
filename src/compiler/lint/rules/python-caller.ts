import { child, itemsOf, textOf } from "../../document.js";
import type { Rule } from "../rule.js";

/** No argument has the name of a parameter of oslo.messaging's own call(). */
export const pythonCaller: Rule = {
  id: "python-caller",
  group: "wire",
  severity: "error",
  purpose: "No argument is called as a parameter of oslo.messaging's call() and cast() is.",
  explanation:
    "A Python client sends arguments as client.call(context, method, name=value). An argument called method is given twice then, and Python raises a TypeError before anything is sent. (Those called self, ctxt or context are refused by the compiler itself.)",
  example: "methods:\n  start: { kind: cast, params: { method: string } }\n",
  fix: "methods:\n  start: { kind: cast, params: { boot_method: string } }\n",
  check({ params }, report) {
    const help = "choose another name";
    for (const { name, entry } of params) {
      const isLocal = child(entry.value, "local");
      const isSent = isLocal?.kind !== "scalar" || isLocal.value !== true;
      if (isSent && taken.has(name)) {
        report(entry.keyNode.range, `a Python client cannot send an argument called "${name}"`, { help });
      }
      for (const former of itemsOf(child(entry.value, "was"))) {
        const node = child(former, "name");
        const old = textOf(node);
        if (node !== undefined && old !== undefined && taken.has(old)) {
          report(node.range, `a Python client could never send an argument called "${old}"`, {
            help: "was it really its name?",
          });
        }
      }
    }
  },
};

const taken: ReadonlySet<string> = new Set(["method"]);
