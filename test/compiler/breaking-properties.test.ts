import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze, type BreakingReport, breaking, type Model } from "../../src/compiler/index.js";
import { plainText } from "./plain-text.js";
import { type Definition, definitions, type MethodDefinition, textOf } from "./support/definitions.js";

/** What an edit works with: the definition, which it changes, and the version that is new. */
interface Edited {
  readonly definition: Definition;
  /** The name and the parts of one method of the definition. */
  readonly name: string;
  readonly method: MethodDefinition;
  readonly fresh: string;
  readonly isMajor: boolean;
  /** A name that nothing has yet. */
  readonly unused: string;
}

/** Edits that keep every promise. */
const legalEdits: Readonly<Record<string, (edited: Edited) => void>> = {
  "adds a method with since": ({ definition, fresh, unused }) => {
    definition.methods[unused] = { kind: "cast", since: fresh, params: { item: { type: "InItem" } } };
  },
  "adds an argument with a default": ({ method, fresh, unused }) => {
    method.params[unused] = { type: "string", since: fresh, default: "" };
  },
  "adds an argument that older servers do without": ({ method, fresh, unused }) => {
    // Of a new method there are no older servers.
    if (method["since"] === undefined)
      method.params[unused] = { type: "list<InItem>", since: fresh, when_older: "drop" };
  },
  "adds a required argument to a major version": ({ method, fresh, isMajor, unused }) => {
    if (isMajor) method.params[unused] = { type: "integer", since: fresh };
  },
  "renames a method by was": ({ definition, name, method, fresh, unused }) => {
    definition.methods = renameKey(definition.methods, name, unused);
    if (method["was"] === undefined && method["since"] === undefined) method["was"] = [{ before: fresh, name }];
    else definition.methods = renameKey(definition.methods, unused, name);
  },
  "renames an argument by was": ({ method, fresh, unused }) => {
    const count = method.params["count"];
    if (count === undefined || count["was"] !== undefined) return;
    method.params = renameKey(method.params, "count", unused);
    count["was"] = [{ before: fresh, name: "count" }];
  },
  "ends a method with a major version": ({ method, fresh, isMajor }) => {
    // What came with the same version would never exist.
    const isSame = Object.values(method.params).some((param) => param["since"] === fresh || param["until"] === fresh);
    if (isMajor && !isSame) method["until"] = fresh;
  },
  "ends an argument with a major version": ({ method, fresh, isMajor }) => {
    const count = method.params["count"];
    if (isMajor && count !== undefined) count["until"] = fresh;
  },
  "lets an argument be longer": ({ method }) => {
    if (method.params["name"] !== undefined) method.params["name"]["maxLength"] = 200;
  },
  "lets an argument be null": ({ method }) => {
    const name = method.params["name"];
    if (name !== undefined && !name.type.endsWith("?")) name.type = `${name.type}?`;
  },
  "lets an argument be left out": ({ method }) => {
    if (method.params["item"] !== undefined) method.params["item"]["optional"] = true;
  },
  "lets an argument be any text": ({ definition }) => {
    for (const field of Object.values(definition.types["InItem"]?.fields ?? {})) {
      if (field.type === "uuid") field.type = "string";
    }
  },
  "says more of a result": ({ method }) => {
    if (method.returns?.type === "string") method.returns.type = "uuid";
    if (method.returns?.type.endsWith("?>") === true) method.returns.type = method.returns.type.replace("?>", ">");
  },
  "adds an optional field to arguments": ({ definition, unused }) => {
    const fields = definition.types["InItem"]?.fields;
    if (fields !== undefined) fields[unused] = { type: "InItem", optional: true };
  },
  "adds a field to results": ({ definition, unused }) => {
    const fields = definition.types["OutItem"]?.fields;
    if (fields !== undefined) fields[unused] = { type: "OutState" };
  },
  "adds a value that arguments may have": ({ definition, unused }) => {
    definition.types["InState"]?.enum?.push(unused);
  },
  "adds a variant that arguments may have": ({ definition, unused }) => {
    const variants = definition.types["InPayment"]?.one_of;
    if (variants !== undefined) variants[unused] = "InCash";
  },
  "takes away a value that results have": ({ definition }) => {
    const state = definition.types["OutState"];
    if (state?.enum !== undefined) state.enum = state.enum.filter((value) => value !== "error");
  },
  "requires a field of results": ({ definition }) => {
    const payment = definition.types["OutItem"]?.fields?.["payment"];
    if (payment !== undefined) payment["optional"] = false;
  },
  "sends a method elsewhere from the new version on": ({ method, fresh }) => {
    method["topic"] = [{ since: fresh, name: "demo-alt" }, { name: "demo" }];
  },
  "changes the kind with the new version": ({ method, fresh }) => {
    if (typeof method.kind === "string") {
      method.kind = [{ since: fresh, kind: "call" }, { kind: method.kind }];
    }
  },
  "declares an error of the new version": ({ definition, method, fresh, unused }) => {
    const error = unused.replace("new_", "New");
    if (method.errors === undefined) return;
    definition.errors[error] = { message: "New.", since: fresh };
    method.errors.push(error);
  },
  "expects one error less": ({ method }) => {
    method.errors?.pop();
  },
  "explains itself": ({ method }) => {
    method["description"] = "Does it.";
    if (method.params["name"] !== undefined) method.params["name"]["description"] = "A name.";
  },
  "changes the order of everything": ({ definition, method }) => {
    method.params = reversed(method.params);
    definition.methods = reversed(definition.methods);
    definition.types = reversed(definition.types);
    for (const type of Object.values(definition.types)) type.enum?.reverse();
  },
};

/** Edits that break a promise, with the rule that says so. */
const breakingEdits: readonly (readonly [rule: string, edit: (edited: Edited) => void])[] = [
  [
    "method-removed",
    ({ definition, name }) => {
      delete definition.methods[name];
    },
  ],
  [
    "kind-changed",
    ({ method }) => {
      method.kind = "fanout";
      delete method.returns;
      delete method.errors;
    },
  ],
  [
    "method-topic-changed",
    ({ method }) => {
      method["topic"] = "elsewhere";
    },
  ],
  [
    "parameter-removed",
    ({ method }) => {
      delete method.params["item"];
    },
  ],
  [
    "parameter-added-required",
    ({ method, unused }) => {
      method.params[unused] = { type: "map<uuid>" };
    },
  ],
  [
    "parameter-added",
    ({ method, unused }) => {
      method.params[unused] = { type: "map<uuid>", optional: true };
    },
  ],
  [
    "parameter-required",
    ({ method }) => {
      delete method.params["count"]?.["default"];
    },
  ],
  [
    "default-changed",
    ({ method }) => {
      if (method.params["count"] !== undefined) method.params["count"]["default"] = 7;
    },
  ],
  [
    "argument-constraint-tightened",
    ({ method }) => {
      if (method.params["name"] !== undefined) method.params["name"]["minLength"] = 2;
    },
  ],
  [
    "argument-type-changed",
    ({ method }) => {
      method.params["count"] = { type: "string", default: "1" };
    },
  ],
  [
    "argument-type-changed",
    ({ definition }) => {
      const fields = definition.types["InItem"]?.fields;
      if (fields?.["f0"] !== undefined) fields["f0"].type = fields["f0"].type === "bytes" ? "date" : "bytes";
    },
  ],
  [
    "argument-enum-value-removed",
    ({ definition }) => {
      definition.types["InState"]?.enum?.shift();
    },
  ],
  [
    "argument-variant-removed",
    ({ definition }) => {
      delete definition.types["InPayment"]?.one_of?.["cash"];
    },
  ],
  [
    "argument-field-required",
    ({ definition, unused }) => {
      const fields = definition.types["InCard"]?.fields;
      if (fields !== undefined) fields[unused] = { type: "string" };
    },
  ],
  [
    "argument-field-removed",
    ({ definition }) => {
      delete definition.types["InItem"]?.fields?.["state"];
    },
  ],
  [
    "argument-null-refused",
    ({ definition }) => {
      const next = definition.types["InItem"]?.fields?.["next"];
      if (next !== undefined) Object.assign(next, { type: "InItem", optional: true });
    },
  ],
  [
    "result-field-removed",
    ({ definition, method }) => {
      answersWith(method, "OutItem");
      delete definition.types["OutItem"]?.fields?.["f0"];
    },
  ],
  [
    "result-field-optional",
    ({ definition }) => {
      const field = definition.types["OutItem"]?.fields?.["f0"];
      if (field !== undefined) field["optional"] = true;
    },
  ],
  [
    "result-enum-value-added",
    ({ definition, unused }) => {
      definition.types["OutState"]?.enum?.push(unused);
    },
  ],
  [
    "result-variant-added",
    ({ definition, unused }) => {
      const variants = definition.types["OutPayment"]?.one_of;
      if (variants !== undefined) variants[unused] = "OutCash";
    },
  ],
  [
    "result-constraint-loosened",
    ({ definition }) => {
      const number = definition.types["OutCard"]?.fields?.["number"];
      if (number !== undefined) number["maxLength"] = 21;
    },
  ],
  [
    "result-null-added",
    ({ definition }) => {
      const amount = definition.types["OutCash"]?.fields?.["amount"];
      if (amount !== undefined) amount.type = "integer?";
    },
  ],
  [
    "method-added",
    ({ definition, unused }) => {
      definition.methods[unused] = { kind: "cast", params: {} };
    },
  ],
];

// Edits of results need a method that has them before and after.
const withItemResult = definitions.map((definition) => {
  for (const method of Object.values(definition.methods)) answersWith(method, "OutItem");
  return definition;
});

describe("random legal edits of a random definition", () => {
  it("are never called breaking, and the new version is always enough for them", () => {
    const edits = fc.array(fc.constantFrom(...Object.keys(legalEdits)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(definitions, edits, fc.boolean(), fc.nat(), (definition, names, isMajor, at) => {
        const edited = withFreshVersion(definition, isMajor, at);
        for (const [index, name] of names.entries()) {
          const method = pick(edited.definition, at + index);
          // What is new or has ended is not changed any more.
          if (method.method["since"] !== undefined || method.method["until"] !== undefined) continue;
          legalEdits[name]?.({ ...edited, ...method, unused: `new_${index}` });
        }
        const { report, errors } = compared(definition, edited.definition);
        expect(errors).toEqual([]);
        expect(report.verdicts).toMatchObject([{ isEnough: true }]);
      }),
      { numRuns: 150 },
    );
  });

  for (const name of Object.keys(legalEdits)) {
    it(`and each by itself: one that ${name}`, () => {
      fc.assert(
        fc.property(definitions, fc.boolean(), fc.nat(), (definition, isMajor, at) => {
          const edited = withFreshVersion(definition, isMajor, at);
          legalEdits[name]?.({ ...edited, ...pick(edited.definition, at), unused: "new_0" });
          expect(compared(definition, edited.definition).errors).toEqual([]);
        }),
        { numRuns: 12 },
      );
    });
  }
});

describe("an edit that is known to break", () => {
  for (const [rule, edit] of breakingEdits) {
    it(`is always found, also among legal ones: ${rule}`, () => {
      const legal = [
        "adds a method with since",
        "adds an argument with a default",
        "changes the order of everything",
        "explains itself",
      ];
      fc.assert(
        fc.property(withItemResult, fc.subarray(legal), fc.boolean(), fc.nat(), (definition, names, isMajor, at) => {
          const edited = withFreshVersion(definition, isMajor, at);
          for (const name of names) legalEdits[name]?.({ ...edited, ...pick(edited.definition, at), unused: "new_1" });
          const name = Object.keys(definition.methods)[at % Object.keys(definition.methods).length] ?? "";
          const method = edited.definition.methods[name];
          fc.pre(method !== undefined);
          edit({ ...edited, name, method, unused: "new_2" });
          const { report } = compared(definition, edited.definition);
          expect(report.findings.map(({ code }) => code)).toContain(rule);
        }),
        { numRuns: 12 },
      );
    });
  }
});

describe("a definition that stays as it is", () => {
  it("has no findings, whatever it is", () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const { report } = compared(definition, definition);
        expect(report.findings).toEqual([]);
        expect(report.verdicts).toMatchObject([{ needs: "none", isEnough: true, notes: [] }]);
      }),
      { numRuns: 40 },
    );
  });
});

/** A copy with one more version. */
function withFreshVersion(definition: Definition, isMajor: boolean, at: number): Edited {
  const copy = structuredClone(definition);
  const newest = Object.keys(copy.versions).at(-1) ?? "1.0";
  const [major = 0, minor = 0] = newest.split(".").map(Number);
  const fresh = isMajor ? `${major + 1}.0` : `${major}.${minor + 1}`;
  copy.versions[fresh] = "What is new.";
  return { definition: copy, ...pick(copy, at), fresh, isMajor, unused: "new" };
}

function pick({ methods }: Definition, at: number): { readonly name: string; readonly method: MethodDefinition } {
  const entries = Object.entries(methods);
  const [name = "", method = { kind: "cast", params: {} }] = entries[at % entries.length] ?? [];
  return { name, method };
}

function answersWith(method: MethodDefinition, type: string): void {
  method.kind = "call";
  method.returns = { type };
}

function renameKey<T>(record: Record<string, T>, from: string, to: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]));
}

function reversed<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).reverse());
}

function compared(
  previous: Definition,
  current: Definition,
): { readonly report: BreakingReport; readonly errors: readonly string[] } {
  const report = breaking(modelOf(previous), modelOf(current));
  const errors = report.findings
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code}: ${message}`);
  return { report, errors };
}

function modelOf(definition: Definition): Model {
  const source = { path: "demo.yaml", text: textOf(definition) };
  const { value, diagnostics } = analyze([source], () => undefined);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(plainText(errors, [source])).toBe("");
  return value;
}
