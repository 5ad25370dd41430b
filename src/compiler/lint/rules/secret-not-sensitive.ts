import { child } from "../../document.js";
import { addKey } from "../edits.js";
import type { Rule } from "../rule.js";
import { baseOf } from "../subject.js";

/** What is called like a secret is marked as one. */
export const secretNotSensitive: Rule = {
  id: "secret-not-sensitive",
  group: "wire",
  severity: "error",
  purpose: "Parameters and fields that are called like secrets are sensitive.",
  explanation:
    "With sensitive: true a value is masked in logs, errors and tools. It costs nothing, and a password in a log is a password that must be changed.",
  example: "methods:\n  start: { kind: cast, params: { admin_password: string } }\n",
  fix: "methods:\n  start: { kind: cast, params: { admin_password: { type: string, sensitive: true } } }\n",
  fixable: true,
  check({ values }, report) {
    for (const { file, name, entry, what, type, long } of values) {
      if ((what !== "parameter" && what !== "field") || type === undefined || !looksSecret(name)) continue;
      // A reference to a secret, its length or its type is none, and neither is whether there is one.
      const base = baseOf(type, file);
      if (base === undefined || !["string", "bytes", "any", "map", "list"].includes(base.name)) continue;
      const marked = child(long, "sensitive");
      if (marked !== undefined) continue;
      report(entry.keyNode.range, `"${name}" is called like a secret, and is not marked as one`, {
        help: "add sensitive: true, or sensitive: false where it is none",
        fix: addKey(file.document, entry, "sensitive", "true"),
      });
    }
  },
};

const secretWords =
  /(^|_)(password|passwd|passphrase|pass|pwd|secret|secrets|token|credential|credentials|api_?key|access_?key|private_?key|secret_?key|encryption_?key|auth_?key|signing_?key)(_|$)/;

const harmlessEnd =
  /_(id|uuid|name|type|length|size|count|hash_name|expires|expires_at|expiry|url|ref|href|format|policy|age)$/;

function looksSecret(name: string): boolean {
  const snake = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  return secretWords.test(snake) && !harmlessEnd.test(snake);
}
