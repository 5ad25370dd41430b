import type { Rule } from "../rule.js";

/** No plain field looks like a key of the envelope of versioned objects. */
export const envelopeField: Rule = {
  id: "envelope-field",
  group: "wire",
  severity: "error",
  purpose: "No field is called as a key of the envelope of versioned objects is: versioned_object.name.",
  explanation:
    "A Python peer takes every map that has such keys for a versioned object and tries to make one of it, and so does the generated code where a type has object:. A type that is a versioned object says so with object:, and lists the plain fields only.",
  example: 'types:\n  Disk: { fields: { "versioned_object.name": string } }\n',
  fix: 'types:\n  Disk: { fields: { name: string }, object: { name: Disk, namespace: demo, version: "1.0" } }\n',
  check({ fields }, report) {
    for (const { name, entry } of fields) {
      if (!/^[a-z_]*object\.(name|namespace|version|data|changes)$/.test(name)) continue;
      report(entry.keyNode.range, `"${name}" is a key of the envelope of versioned objects`, {
        help: "describe the envelope with object: { name, namespace, version }, and its data with fields:",
      });
    }
  },
};
