import { didYouMean, listOf } from "../suggest.js";

const value = ({
  what,
  problem,
  help,
}: {
  what: string;
  problem: string;
  help?: string;
}): { message: string; help?: string } => ({
  message: `${what} does not fit its type: it ${problem}`,
  ...(help === undefined ? {} : { help }),
});

/** Mistakes in types, their constraints, and values of them. */
export const typeMessages = {
  "unknown-type": {
    severity: "error",
    text: ({
      name,
      meant,
      candidates,
    }: {
      name: string;
      meant: string | undefined;
      candidates: () => readonly string[];
    }) => ({
      message: `there is no type "${name}"`,
      ...(meant === undefined
        ? didYouMean(name, candidates(), "declare it under types, or import the file that does")
        : { help: `did you mean "${meant}"?` }),
    }),
    explanation:
      "A type is a scalar, list<T>, map<T>, or a name that this file or one of its imports declares under types.",
    example:
      "types:\n  Instance: { fields: { id: uuid } }\nmethods:\n  start: { kind: cast, params: { instance: Instanse } }\n",
    fix: "types:\n  Instance: { fields: { id: uuid } }\nmethods:\n  start: { kind: cast, params: { instance: Instance } }\n",
  },
  "type-syntax": {
    severity: "error",
    text: ({ text, problem, help }: { text: string; problem: string; help: string }) => ({
      message: `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}" is no type: ${problem}`,
      help,
    }),
    explanation: "Types are written as string, list<T>, map<T>, Name, and T? for one that may be null.",
    example: "types:\n  Ports: integer[]\n",
    fix: "types:\n  Ports: list<integer>\n",
  },
  "none-misplaced": {
    severity: "error",
    text: () => ({
      message: '"none" is only for methods that return nothing',
      help: 'write "?" behind a type that may be null',
    }),
    explanation:
      "The type none is the result of a method that has no result. It is no value that a field, an argument or a list could have.",
    example: "types:\n  Nothing: none\n",
    fix: "types:\n  Nothing: any\n",
  },
  "missing-type": {
    severity: "error",
    text: ({ name }: { name: string }) => ({ message: `"${name}" has no type`, help: "add type: string, or another" }),
    explanation:
      "A parameter or field has a type, unless it is a constant or takes its value from another argument. any takes everything.",
    example: "methods:\n  start: { kind: cast, params: { count: { minimum: 1 } } }\n",
    fix: "methods:\n  start: { kind: cast, params: { count: { type: integer, minimum: 1 } } }\n",
  },
  "type-without-form": {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `the type "${name}" does not say what it is`,
      help: "add fields (an object), enum, one_of (a union), type (an alias) or schema (raw JSON Schema)",
    }),
    explanation:
      "A named type is an object, an enum, a union, an alias or a raw JSON Schema, and which one is told by the key that it has.",
    example: "types:\n  Port: { description: A port. }\n",
    fix: "types:\n  Port: { type: integer, description: A port. }\n",
  },
  "object-without-fields": {
    severity: "error",
    text: ({ name, key }: { name: string; key: string }) => ({
      message:
        key === "object"
          ? `only a type with fields can be a versioned object, and "${name}" has none`
          : `only a type with fields can have been without some of them, and "${name}" has none`,
      help: `add fields, or remove ${key}`,
    }),
    explanation:
      "The key object: wraps an object's fields in the envelope of oslo.versionedobjects. Other types have no envelope.",
    example: 'types:\n  Port: { type: integer, object: { name: Port, namespace: demo, version: "1.0" } }\n',
    fix: 'types:\n  Port: { fields: { number: integer }, object: { name: Port, namespace: demo, version: "1.0" } }\n',
  },
  "enum-not-text": {
    severity: "error",
    text: ({ text, value: read }: { text: string; value: unknown }) => ({
      message: `the values of an enum are texts, and YAML reads "${text}" as ${read === null ? "nothing" : `a ${typeof read}`}`,
      help: `quote it: "${text === "" ? "null" : text}"`,
    }),
    explanation: "An enum is a union of strings. Unquoted numbers, true, false and null are not strings in YAML.",
    example: "types:\n  Level: { enum: [1, 2] }\n",
    fix: 'types:\n  Level: { enum: ["1", "2"] }\n',
  },
  "variant-not-object": {
    severity: "error",
    text: ({ union, type }: { union: string; type: string }) => ({
      message: `the variants of the union "${union}" must be object types, and "${type}" is none`,
      help: "name a type that has fields",
    }),
    explanation:
      "The variants of a union are told apart by a tag among their fields, so that each is a named type with fields.",
    example: "types:\n  Payment: { one_of: { card: string } }\n",
    fix: "types:\n  Payment: { one_of: { card: Card } }\n  Card: { fields: { number: string } }\n",
  },
  "variant-versioned-object": {
    severity: "error",
    text: ({ union, type }: { union: string; type: string }) => ({
      message: `"${type}" is a versioned object, which has no place for the tag of the union "${union}"`,
      help: "use a type without object:, with the versioned object as a field",
    }),
    explanation: "The fields of a versioned object are inside its envelope, where a peer does not look for a tag.",
    example:
      'types:\n  Payment: { one_of: { card: Card } }\n  Card: { fields: { number: string }, object: { name: Card, namespace: demo, version: "1.0" } }\n',
    fix: "types:\n  Payment: { one_of: { card: Card } }\n  Card: { fields: { number: string } }\n",
  },
  "variant-declares-tag": {
    severity: "error",
    text: ({ type, tag }: { type: string; tag: string }) => ({
      message: `"${type}" has a field "${tag}" of its own, which is the tag of this union`,
      help: `remove the field, or choose another tag: for the union`,
    }),
    explanation:
      "The tag's value comes from the union: each variant is its type plus the tag. A field of the same name would be declared twice.",
    example: "types:\n  Payment: { one_of: { card: Card } }\n  Card: { fields: { kind: string } }\n",
    fix: "types:\n  Payment: { one_of: { card: Card }, tag: payment }\n  Card: { fields: { kind: string } }\n",
  },
  "endless-alias": {
    severity: "error",
    text: ({ chain }: { chain: readonly string[] }) => ({
      message: `the alias leads back to itself: ${chain.join(" -> ")}`,
      help: "a type may contain itself only through a list, a map or a field",
    }),
    explanation: "An alias is another name for a type. In a circle of aliases no type is ever named.",
    example: "types:\n  A: B\n  B: A?\n",
    fix: "types:\n  A: B\n  B: list<A>\n",
  },
  "endless-object": {
    severity: "warning",
    text: ({ name }: { name: string }) => ({
      message: `no value of "${name}" can be written down: each needs another inside`,
      help: "make the field that leads back nullable, optional or a list",
    }),
    explanation: "The type contains itself in a field that must be there, so that every value would be endless.",
    example: "types:\n  Node: { fields: { next: Node } }\n",
    fix: "types:\n  Node: { fields: { next: Node? } }\n",
  },
  "constraint-type": {
    severity: "error",
    text: ({ word, appliesTo, type }: { word: string; appliesTo: string; type: string }) => ({
      message: `"${word}" is for ${appliesTo}, and the type is ${type}`,
      help: "remove it, or change the type",
    }),
    explanation: "JSON Schema ignores a constraint on a value of another type, so that it would never be checked.",
    example: "types:\n  Port: { type: string, minimum: 1 }\n",
    fix: "types:\n  Port: { type: integer, minimum: 1 }\n",
  },
  "constraint-empty": {
    severity: "error",
    text: ({ low, high, lowest, highest }: { low: string; high: string; lowest: string; highest: string }) => ({
      message: `no value has ${low} ${lowest} and ${high} ${highest}`,
      help: "swap the two limits, or change one",
    }),
    explanation: "The limits leave no value, so that every request would be refused.",
    example: "types:\n  Port: { type: integer, minimum: 10, maximum: 1 }\n",
    fix: "types:\n  Port: { type: integer, minimum: 1, maximum: 10 }\n",
  },
  "bad-pattern": {
    severity: "error",
    text: ({ reason }: { reason: string }) => ({
      message: `the pattern is no regular expression: ${reason.slice(0, 1).toLowerCase()}${reason.slice(1)}`,
    }),
    explanation: "Patterns are JavaScript's regular expressions with the flag u.",
    example: 'types:\n  Name: { type: string, pattern: "[a-z" }\n',
    fix: 'types:\n  Name: { type: string, pattern: "[a-z]" }\n',
  },
  "slow-pattern": {
    severity: "warning",
    text: () => ({
      message: "this pattern can take hours on a hostile text: a repeated group holds a repetition",
      help: "rewrite it without a repetition inside a repetition",
    }),
    explanation:
      "Servers try the pattern on what clients send. A text of forty characters keeps a pattern such as (a+)+$ busy for hours.",
    example: 'types:\n  Name: { type: string, pattern: "^(a+)+$" }\n',
    fix: 'types:\n  Name: { type: string, pattern: "^a+$" }\n',
  },
  "unknown-format": {
    severity: "error",
    text: ({ name, candidates }: { name: string; candidates: readonly string[] }) => ({
      message: `there is no format "${name}"`,
      ...didYouMean(name, candidates, `formats are ${listOf(candidates, "and")}; pattern takes anything else`),
    }),
    explanation: "Only formats that are checked may be named, so that none gives a false sense of safety.",
    example: "types:\n  Address: { type: string, format: ip4 }\n",
    fix: "types:\n  Address: { type: string, format: ipv4 }\n",
  },
  "bad-schema": {
    severity: "error",
    text: ({ problem }: { problem: string }) => ({
      message: `the JSON Schema is wrong: it ${problem}`,
      help: "schema: takes JSON Schema draft-07; most things can be said without it",
    }),
    explanation:
      "A raw schema is compiled into the service's validators, so that it must be a valid and complete JSON Schema.",
    example: "types:\n  Port: { schema: { type: nothing } }\n",
    fix: "types:\n  Port: { schema: { type: integer } }\n",
  },
  "invalid-default": {
    severity: "error",
    text: value,
    explanation: "The manager sees the default where the caller gave nothing, so that it must be a value of the type.",
    example: "methods:\n  start: { kind: cast, params: { count: { type: integer, default: null } } }\n",
    fix: "methods:\n  start: { kind: cast, params: { count: { type: integer?, default: null } } }\n",
  },
  "invalid-example": {
    severity: "error",
    text: value,
    explanation: "Examples are shown in documents and used by tests, so that they must be values of the type.",
    example: "types:\n  Port: { type: integer, example: http }\n",
    fix: "types:\n  Port: { type: integer, example: 80 }\n",
  },
  "invalid-fill": {
    severity: "error",
    text: value,
    explanation:
      "The fill is sent to older servers where the caller gave nothing, so that it must be a value of the type they know.",
    example:
      'versions: { "1.0": First., "1.1": Second. }\nmethods:\n  start: { kind: cast, params: { count: { type: integer, until: "1.1", fill: many } } }\n',
    fix: 'versions: { "1.0": First., "1.1": Second. }\nmethods:\n  start: { kind: cast, params: { count: { type: integer, until: "1.1", fill: 1 } } }\n',
  },
  "invalid-const": {
    severity: "error",
    text: value,
    explanation: "The constant is sent with every request, so that it must be a value of the type.",
    example: "methods:\n  start: { kind: cast, params: { count: { type: integer, const: many } } }\n",
    fix: "methods:\n  start: { kind: cast, params: { count: { type: integer, const: 1 } } }\n",
  },
  "unknown-placeholder": {
    severity: "error",
    text: ({ name, candidates }: { name: string; candidates: readonly string[] }) => ({
      message: `the message names "{${name}}", and the error has no such field`,
      ...didYouMean(name, candidates, "add it to the error's fields"),
    }),
    explanation: "The parts of a message in braces are replaced by the error's fields.",
    example: 'errors:\n  NotFound: { message: "No {id}.", fields: { name: string } }\n',
    fix: 'errors:\n  NotFound: { message: "No {name}.", fields: { name: string } }\n',
  },
} as const;
