/** What the formatter knows of a place: the order of a map's keys, and the shapes of what is in it. */
export interface Shape {
  /** Keys in their order; others come behind them as they are written, keys that start with `x-` last. */
  readonly keys?: readonly (string | readonly string[])[];
  /** The shapes of values by key. */
  readonly values?: Readonly<Record<string, Shape>>;
  /** The shape of every value of a map whose keys are names. */
  readonly each?: Shape;
  /** The shape of a list's items. */
  readonly items?: Shape;
  /** Keys are versions, and go from old to new. */
  readonly versions?: boolean;
  /** An empty line is between entries of more than one line. */
  readonly apart?: boolean;
}

/** A place of which nothing is known, such as a default: everything stays as it is. */
export const anything: Shape = {};

/** JSON Schema's words. They stay in their order among themselves, in which generated checks have them. */
const constraints = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "enum",
] as const;

const refusal: Shape = { keys: ["error", "fields"] };
const examples = { keys: ["description", "params", "returns"] } as const;
const fieldEnd = ["deprecated", ["example", "examples"], "description"] as const;

const field: Shape = {
  keys: ["type", "schema", constraints, "optional", "default", "sensitive", ...fieldEnd],
};

const parameter: Shape = {
  keys: [
    "type",
    "schema",
    constraints,
    "optional",
    "default",
    "from",
    "const",
    "local",
    "sensitive",
    "convert",
    "since",
    "until",
    "when_older",
    "fill",
    "was",
    ...fieldEnd,
  ],
  values: {
    convert: { keys: ["name", "before"] },
    when_older: refusal,
    was: { items: { keys: ["before", "name", "type", "schema", "convert", "fill"] } },
  },
};

const result: Shape = { keys: ["type", "schema", constraints, "description"] };

const method: Shape = {
  keys: [
    "description",
    "deprecated",
    "since",
    "until",
    "was",
    "kind",
    "server",
    "topic",
    "label",
    "timeout",
    "heartbeat",
    "too_old",
    "params",
    "returns",
    "errors",
    "idempotent",
    "priority",
    "delivery",
    "attempts",
    "concurrency",
    ["example", "examples"],
  ],
  values: {
    was: { items: { keys: ["before", "name"] } },
    kind: {
      keys: ["by", "true", "false"],
      items: { keys: ["since", "until", "kind"], values: { kind: { keys: ["by", "true", "false"] } } },
    },
    topic: { items: { keys: ["since", "until", "name"] } },
    label: { items: { keys: ["since", "until", "label"] } },
    too_old: refusal,
    params: { each: parameter },
    returns: result,
    example: examples,
    examples: { items: examples },
  },
};

const error: Shape = {
  keys: ["description", "deprecated", "since", "until", "wire", "message", "fields", ["example", "examples"]],
  values: { fields: { each: field } },
};

const type: Shape = {
  keys: [
    "description",
    "deprecated",
    "object",
    "type",
    "schema",
    "one_of",
    "tag",
    ["fields", ...constraints],
    ["example", "examples"],
  ],
  values: { object: { keys: ["name", "namespace", "version", "prefix"] }, fields: { each: field } },
};

/** A whole definition. */
export const definition: Shape = {
  keys: [
    "rpcapi",
    "service",
    "description",
    "topic",
    "exchange",
    "namespace",
    "send_defaults",
    "versions",
    "releases",
    "timeouts",
    "imports",
    "errors",
    "types",
    "methods",
    "periodic",
  ],
  values: {
    versions: { versions: true },
    timeouts: { each: { keys: ["timeout", "heartbeat"] } },
    errors: { each: error },
    types: { each: type },
    methods: { each: method, apart: true },
    periodic: { each: { keys: ["spacing", "run_immediately", "description"] } },
  },
};
