// One table of texts, longer than other files: an entry for each rule, and a test proves each of them.

const second = 'versions: { "1.0": First version, "2.0": Changes. }\n';
const three = 'versions: { "1.0": First version, "1.1": More, "1.2": Still more. }\n';
const four = 'versions: { "1.0": First version, "1.1": More, "1.2": Still more, "1.3": Changes. }\n';
const variants = "Card: { fields: { number: string } }\n  Wire: { fields: { account: string } }";

/** What `rpcgen explain` shows of a breaking rule. Keys that do not matter are left out; the version 1.1 is new, unless it is said. */
export interface BreakingExample {
  /** The previous state; absent where the example is a baseline. */
  readonly before?: string;
  /** A change which the rule finds. */
  readonly example: string;
  /** Another one that breaks nothing. */
  readonly fix: string;
}

/** By the ids of rules. Loaded by those who explain, and by nobody who compares. */
export const breakingExamples: Readonly<Record<string, BreakingExample>> = {
  "method-removed": {
    before: "methods:\n  start: { kind: cast }\n  stop: { kind: cast }\n",
    example: "methods:\n  start: { kind: cast }\n",
    fix: `${second}methods:\n  start: { kind: cast }\n  stop: { kind: cast, until: "2.0" }\n`,
  },
  "method-renamed": {
    before: "methods:\n  start: { kind: cast, params: { name: string } }\n",
    example: "methods:\n  begin: { kind: cast, params: { name: string } }\n",
    fix: 'methods:\n  begin: { kind: cast, was: [{ before: "1.1", name: start }], params: { name: string } }\n',
  },
  "kind-changed": {
    before: start("kind: call"),
    example: start("kind: cast"),
    fix: start('kind: [{ since: "1.1", kind: cast }, { kind: call }]'),
  },
  "method-topic-changed": {
    before: start("kind: cast"),
    example: start("kind: cast, topic: demo-alt"),
    fix: start('kind: cast, topic: [{ since: "1.1", name: demo-alt }, { name: demo }]'),
  },
  "server-changed": {
    before: start("kind: cast, server: host, params: { host: string, node: string }"),
    example: start("kind: cast, server: node, params: { host: string, node: string }"),
    fix: start("kind: cast, server: [host, node], params: { host: string, node: string }"),
  },
  "delivery-weakened": {
    before: start("kind: cast, delivery: at-least-once"),
    example: start("kind: cast"),
    fix: start("kind: cast, delivery: at-least-once"),
  },
  "idempotent-removed": {
    before: start("kind: call, idempotent: true"),
    example: start("kind: call"),
    fix: 'methods:\n  start: { kind: call, idempotent: true }\n  start_once: { kind: call, since: "1.1" }\n',
  },
  "label-changed": {
    before: `${three}${start("kind: cast")}`,
    example: `${four}${start('kind: cast, label: "1.1"')}`,
    fix: `${four}${start('kind: cast, label: [{ since: "1.3", label: "1.1" }]')}`,
  },
  "parameter-removed": {
    before: start("kind: cast, params: { name: string, force: { type: boolean, optional: true } }"),
    example: start("kind: cast, params: { name: string }"),
    fix: `${second}${start('kind: cast, params: { name: string, force: { type: boolean, optional: true, until: "2.0" } }')}`,
  },
  "parameter-renamed": {
    before: start("kind: cast, params: { size: integer }"),
    example: start("kind: cast, params: { length: integer }"),
    fix: start('kind: cast, params: { length: { type: integer, was: [{ before: "1.1", name: size }] } }'),
  },
  "parameter-required": {
    before: start("kind: cast, params: { name: { type: string, default: me } }"),
    example: start("kind: cast, params: { name: string }"),
    fix: start("kind: cast, params: { name: { type: string, default: me } }"),
  },
  "parameter-added-required": {
    before: start("kind: cast, params: { name: string }"),
    example: start("kind: cast, params: { name: string, size: integer }"),
    fix: start('kind: cast, params: { name: string, size: { type: integer, since: "1.1", default: 1 } }'),
  },
  "argument-field-removed": {
    before: argument("Item: { fields: { name: string, size: integer } }"),
    example: argument("Item: { fields: { name: string } }"),
    fix: argument(
      "Item: { fields: { name: string, size: { type: integer, optional: true, deprecated: Nobody needs it. } } }",
    ),
  },
  "argument-field-required": {
    before: argument("Item: { fields: { name: string } }"),
    example: argument("Item: { fields: { name: string, size: integer } }"),
    fix: argument("Item: { fields: { name: string, size: { type: integer, default: 1 } } }"),
  },
  "argument-type-changed": {
    before: start("kind: cast, params: { size: number }"),
    example: start("kind: cast, params: { size: integer }"),
    fix: start('kind: cast, params: { size: number, slots: { type: integer, since: "1.1", optional: true } }'),
  },
  "argument-null-refused": {
    before: start("kind: cast, params: { name: string? }"),
    example: start("kind: cast, params: { name: string }"),
    fix: start("kind: cast, params: { name: string? }"),
  },
  "argument-enum-value-removed": {
    before: argument('Item: { enum: ["on", "off", paused] }'),
    example: argument('Item: { enum: ["on", "off"] }'),
    fix: argument('Item: { enum: ["on", "off", paused, resting] }'),
  },
  "argument-variant-removed": {
    before: argument(`Item: { one_of: { card: Card, wire: Wire }, tag: kind }\n  ${variants}`),
    example: argument(`Item: { one_of: { card: Card }, tag: kind }\n  ${variants}`),
    fix: argument(`Item: { one_of: { card: Card, wire: Wire }, tag: kind }\n  ${variants}`),
  },
  "argument-constraint-tightened": {
    before: start("kind: cast, params: { name: { type: string, maxLength: 100 } }"),
    example: start("kind: cast, params: { name: { type: string, maxLength: 50 } }"),
    fix: start("kind: cast, params: { name: { type: string, maxLength: 200 } }"),
  },
  "union-tag-changed": {
    before: argument(`Item: { one_of: { card: Card, wire: Wire }, tag: kind }\n  ${variants}`),
    example: argument(`Item: { one_of: { card: Card, wire: Wire }, tag: form }\n  ${variants}`),
    fix: argument(`Item: { one_of: { card: Card, wire: Wire }, tag: kind }\n  ${variants}`),
  },
  "wire-name-changed": {
    before: `${three}methods:\n  halt: { kind: cast, was: [{ before: "1.1", name: stop }] }\n`,
    example: `${four}methods:\n  halt: { kind: cast }\n`,
    fix: `${four}methods:\n  halt: { kind: cast, was: [{ before: "1.1", name: stop }] }\n`,
  },
  "error-wire-changed": {
    before: failing("NotFound", "NotFound: { wire: demo.exception.NotFound, message: Not found. }"),
    example: failing("NotFound", "NotFound: { wire: demo.errors.NotFound, message: Not found. }"),
    fix: failing("NotFound", "NotFound: { wire: demo.exception.NotFound, message: There is none. }"),
  },
  "object-envelope-changed": {
    before: argument('Item: { object: { name: Item, namespace: nova, version: "1.3" }, fields: { id: uuid } }'),
    example: argument('Item: { object: { name: Item, namespace: nova, version: "2.0" }, fields: { id: uuid } }'),
    fix: argument(
      'Item: { object: { name: Item, namespace: nova, version: "1.4" }, fields: { id: uuid, size: { type: integer, optional: true } }, was: [{ before: "1.1", version: "1.3", without: [size] }] }',
    ),
  },
  "topic-changed": {
    before: `topic: demo-old\n${start("kind: cast")}`,
    example: `topic: demo-new\n${start("kind: cast")}`,
    fix: `topic: demo-old\n${start('kind: cast, topic: [{ since: "1.1", name: demo-new }, { name: demo-old }]')}`,
  },
  "exchange-changed": {
    before: start("kind: cast"),
    example: `exchange: nova\n${start("kind: cast")}`,
    fix: start("kind: cast"),
  },
  "namespace-changed": {
    before: `namespace: one\n${start("kind: cast")}`,
    example: `namespace: two\n${start("kind: cast")}`,
    fix: `namespace: one\n${start("kind: cast")}`,
  },
  "service-removed": {
    before: `${start("kind: cast")}# file: other.yaml\nrpcapi: 1\nservice: other\nversions: { "1.0": First version. }\n`,
    example: start("kind: cast"),
    fix: `${start("kind: cast")}# file: other.yaml\nrpcapi: 1\nservice: other\nversions: { "1.0": First version. }\n`,
  },
  "major-dropped": {
    before: `releases: { yoga: "1.0", zed: "2.0" }\nversions: { "1.0": First version, "2.0": More. }\n${start("kind: cast")}`,
    example: `releases: { zed: "2.0" }\nversions: { "2.0": More. }\n${start("kind: cast")}`,
    fix: `releases: { yoga: "1.0", zed: "2.0" }\nversions: { "1.0": First version, "2.0": More. }\n${start("kind: cast")}`,
  },
  "default-changed": {
    before: start("kind: cast, params: { count: { type: integer, default: 1 } }"),
    example: start("kind: cast, params: { count: { type: integer, default: 2 } }"),
    fix: start("kind: cast, params: { count: { type: integer, default: 1 } }"),
  },
  "value-changed": {
    before: start("kind: cast, params: { origin: { type: string, const: api } }"),
    example: start("kind: cast, params: { origin: { type: string, const: web } }"),
    fix: start(
      'kind: cast, params: { origin: { type: string, const: api }, via: { type: string, const: web, since: "1.1", when_older: drop } }',
    ),
  },
  "result-field-removed": {
    before: result("Item: { fields: { id: uuid, size: integer } }"),
    example: result("Item: { fields: { id: uuid } }"),
    fix: result("Item: { fields: { id: uuid, size: { type: integer, deprecated: Nobody needs it. } } }"),
  },
  "result-field-optional": {
    before: result("Item: { fields: { id: uuid, size: integer } }"),
    example: result("Item: { fields: { id: uuid, size: { type: integer, optional: true } } }"),
    fix: result("Item: { fields: { id: uuid, size: integer } }"),
  },
  "result-type-changed": {
    before: result("Item: { fields: { id: uuid } }"),
    example: result("Item: { fields: { id: string } }"),
    fix: result("Item: { fields: { id: uuid, name: string } }"),
  },
  "result-null-added": {
    before: start("kind: call, returns: string"),
    example: start("kind: call, returns: string?"),
    fix: 'methods:\n  start: { kind: call, returns: string }\n  try_start: { kind: call, since: "1.1", returns: string? }\n',
  },
  "result-enum-value-added": {
    before: result("Item: { enum: [active, stopped] }"),
    example: result("Item: { enum: [active, stopped, paused] }"),
    fix: result("Item: { enum: [active, stopped] }"),
  },
  "result-variant-added": {
    before: result(`Item: { one_of: { card: Card }, tag: kind }\n  ${variants}`),
    example: result(`Item: { one_of: { card: Card, wire: Wire }, tag: kind }\n  ${variants}`),
    fix: result(`Item: { one_of: { card: Card }, tag: kind }\n  ${variants}`),
  },
  "result-constraint-loosened": {
    before: start("kind: call, returns: { type: string, maxLength: 100 }"),
    example: start("kind: call, returns: { type: string, maxLength: 200 }"),
    fix: start("kind: call, returns: { type: string, maxLength: 50 }"),
  },
  "error-added": {
    before: failing("NotFound", "NotFound: { message: Not found. }"),
    example: failing("NotFound, Busy", "NotFound: { message: Not found. }\n  Busy: { message: Busy. }"),
    fix: failing("NotFound, Busy", 'NotFound: { message: Not found. }\n  Busy: { message: Busy., since: "1.1" }'),
  },
  "method-added": {
    before: "methods:\n  start: { kind: cast }\n",
    example: "methods:\n  start: { kind: cast }\n  stop: { kind: cast }\n",
    fix: 'methods:\n  start: { kind: cast }\n  stop: { kind: cast, since: "1.1" }\n',
  },
  "parameter-added": {
    before: start("kind: cast, params: { name: string }"),
    example: start("kind: cast, params: { name: string, force: { type: boolean, default: false } }"),
    fix: start('kind: cast, params: { name: string, force: { type: boolean, default: false, since: "1.1" } }'),
  },
  "parameter-refused-when-older": {
    before: start("kind: cast, params: { name: string }"),
    example: start('kind: cast, params: { name: string, size: { type: integer, since: "1.1" } }'),
    fix: start('kind: cast, params: { name: string, size: { type: integer, since: "1.1", when_older: drop } }'),
  },
  "when-older-tightened": {
    before: `${three}${start('kind: cast, params: { force: { type: boolean, since: "1.1", when_older: drop } }')}`,
    example: `${four}${start('kind: cast, params: { force: { type: boolean, since: "1.1" } }')}`,
    fix: `${four}${start('kind: cast, params: { force: { type: boolean, since: "1.1", when_older: drop } }')}`,
  },
  "until-in-minor": {
    before: "methods:\n  start: { kind: cast }\n  stop: { kind: cast }\n",
    example: 'methods:\n  start: { kind: cast }\n  stop: { kind: cast, until: "1.1" }\n',
    fix: `${second}methods:\n  start: { kind: cast }\n  stop: { kind: cast, until: "2.0" }\n`,
  },
  "until-before-release": {
    before: `releases: { zed: "1.2" }\n${three}${start("kind: cast, params: { name: { type: string, optional: true } }")}`,
    example: `releases: { zed: "1.2" }\n${four}${start('kind: cast, params: { name: { type: string, optional: true, until: "1.1" } }')}`,
    fix: `releases: { zed: "1.2" }\nversions: { "1.0": First version, "1.1": More, "1.2": Still more, "2.0": Changes. }\n${start('kind: cast, params: { name: { type: string, optional: true, until: "2.0" } }')}`,
  },
  "until-earlier": {
    before: `${three}${start("kind: cast, params: { name: { type: string, optional: true } }")}`,
    example: `${four}${start('kind: cast, params: { name: { type: string, optional: true, until: "1.1" } }')}`,
    fix: `versions: { "1.0": First version, "1.1": More, "1.2": Still more, "2.0": Changes. }\n${start('kind: cast, params: { name: { type: string, optional: true, until: "2.0" } }')}`,
  },
  "until-later": {
    before: `versions: { "1.0": First version, "2.0": More. }\nmethods:\n  stop: { kind: cast, until: "2.0" }\n`,
    example: `versions: { "1.0": First version, "2.0": More, "2.1": Changes. }\nmethods:\n  stop: { kind: cast }\n`,
    fix: `versions: { "1.0": First version, "2.0": More, "2.1": Changes. }\nmethods:\n  stop: { kind: cast, until: "2.0" }\n`,
  },
  "since-later": {
    before: `${three}${start('kind: cast, since: "1.1"')}`,
    example: `${four}${start('kind: cast, since: "1.2"')}`,
    fix: `${four}${start('kind: cast, since: "1.1"')}`,
  },
  "since-earlier": {
    before: `${three}${start('kind: cast, params: { force: { type: boolean, since: "1.2", default: false } }')}`,
    example: `${four}${start('kind: cast, params: { force: { type: boolean, since: "1.1", default: false } }')}`,
    fix: `${four}${start('kind: cast, params: { force: { type: boolean, since: "1.2", default: false } }')}`,
  },
  "release-moved": {
    before: `releases: { zed: "1.1" }\n${three}${start("kind: cast")}`,
    example: `releases: { zed: "1.2" }\n${three}${start("kind: cast")}`,
    fix: `releases: { zed: "1.1", antelope: "1.2" }\n${three}${start("kind: cast")}`,
  },
  "release-removed": {
    before: `releases: { yoga: "1.1", zed: "1.2" }\n${three}${start("kind: cast")}`,
    example: `releases: { zed: "1.2" }\n${three}${start("kind: cast")}`,
    fix: `releases: { yoga: "1.1", zed: "1.2" }\n${three}${start("kind: cast")}`,
  },
  "object-version-unchanged": {
    before: argument('Item: { object: { name: Item, namespace: nova, version: "1.3" }, fields: { id: uuid } }'),
    example: argument(
      'Item: { object: { name: Item, namespace: nova, version: "1.3" }, fields: { id: uuid, size: { type: integer, optional: true } } }',
    ),
    fix: argument(
      'Item: { object: { name: Item, namespace: nova, version: "1.4" }, fields: { id: uuid, size: { type: integer, optional: true } }, was: [{ before: "1.1", version: "1.3", without: [size] }] }',
    ),
  },
  "object-shape-changed": {
    before: argument('Item: { object: { name: Item, namespace: nova, version: "1.3" }, fields: { id: uuid } }'),
    example: argument(
      'Item: { object: { name: Item, namespace: nova, version: "1.4" }, fields: { id: uuid, size: { type: integer, optional: true } } }',
    ),
    fix: argument(
      'Item: { object: { name: Item, namespace: nova, version: "1.4" }, fields: { id: uuid, size: { type: integer, optional: true } }, was: [{ before: "1.1", version: "1.3", without: [size] }] }',
    ),
  },
  "sensitive-removed": {
    before: start("kind: cast, params: { token: { type: string, sensitive: true } }"),
    example: start("kind: cast, params: { token: string }"),
    fix: start("kind: cast, params: { token: { type: string, sensitive: true } }"),
  },
  "error-removed": {
    before: failing("NotFound, Busy", "NotFound: { message: Not found. }\n  Busy: { message: Busy. }"),
    example: failing("NotFound", "NotFound: { message: Not found. }"),
    fix: failing("NotFound, Busy", "NotFound: { message: Not found. }\n  Busy: { message: Busy. }"),
  },
  "type-removed": {
    before: argument("Item: { fields: { id: uuid } }"),
    example: start("kind: cast, params: { item: Thing }", "Thing: { fields: { id: uuid } }"),
    fix: argument("Item: { fields: { id: uuid } }"),
  },
  "bigint-changed": {
    before: start("kind: cast, params: { size: integer }"),
    example: start("kind: cast, params: { size: bigint }"),
    fix: start('kind: cast, params: { size: integer, bytes: { type: bigint, since: "1.1", optional: true } }'),
  },
  "optional-field-removed": {
    before: result("Item: { fields: { id: uuid, size: { type: integer, optional: true } } }"),
    example: result("Item: { fields: { id: uuid } }"),
    fix: result(
      "Item: { fields: { id: uuid, size: { type: integer, optional: true, deprecated: Nobody needs it. } } }",
    ),
  },
  "argument-required-in-types": {
    before: `${three}${start('kind: cast, params: { force: { type: boolean, since: "1.1", default: false, when_older: drop } }')}`,
    example: `${four}${start('kind: cast, params: { force: { type: boolean, since: "1.1", when_older: drop } }')}`,
    fix: `${four}${start('kind: cast, params: { force: { type: boolean, since: "1.1", default: false, when_older: drop } }')}`,
  },
  "argument-name-changed": {
    before: start("kind: cast, params: { type: string }"),
    example: start('kind: cast, params: { flavor: { type: string, was: [{ before: "1.1", name: type }] } }'),
    fix: start("kind: cast, params: { type: string }"),
  },
  "converter-added": {
    before: start("kind: cast, params: { size: integer }"),
    example: start(
      'kind: cast, params: { size: { type: string, was: [{ before: "1.1", type: integer, convert: size_to_text }] } }',
    ),
    fix: start('kind: cast, params: { size: integer, size_text: { type: string, since: "1.1", optional: true } }'),
  },
  "member-renamed": {
    before: "methods:\n  start: { kind: cast, params: { name: string } }\n",
    example: 'methods:\n  begin: { kind: cast, was: [{ before: "1.1", name: start }], params: { name: string } }\n',
    fix: "methods:\n  start: { kind: cast, params: { name: string } }\n",
  },
  "profile-removed": {
    before: `timeouts: { long: 30m }\n${start("kind: call, timeout: long")}`,
    example: start("kind: call, timeout: 30m"),
    fix: `timeouts: { long: 30m }\n${start("kind: call, timeout: 30m")}`,
  },
  "service-renamed": {
    before: `service: demo\ntopic: demo\n${start("kind: cast")}`,
    example: `service: example\ntopic: demo\n${start("kind: cast")}`,
    fix: `service: demo\ntopic: demo\n${start("kind: cast")}`,
  },
  "version-inserted": {
    before: `versions: { "1.0": First version, "1.2": More. }\n${start("kind: cast")}`,
    example: `versions: { "1.0": First version, "1.1": Changes, "1.2": More. }\n${start("kind: cast")}`,
    fix: `versions: { "1.0": First version, "1.2": More, "1.3": Changes. }\n${start("kind: cast")}`,
  },
  "version-lowered": {
    before: `${three}${start("kind: cast")}`,
    example: `versions: { "1.0": First version, "1.1": More. }\n${start("kind: cast")}`,
    fix: `${three}${start("kind: cast")}`,
  },
  "version-removed": {
    before: `${three}${start("kind: cast")}`,
    example: `versions: { "1.0": First version, "1.2": Still more. }\n${start("kind: cast")}`,
    fix: `${three}${start("kind: cast")}`,
  },
  "version-too-low": {
    before: "methods:\n  start: { kind: cast }\n  stop: { kind: cast }\n",
    example: 'methods:\n  start: { kind: cast }\n  stop: { kind: cast, until: "1.1" }\n',
    fix: `${second}methods:\n  start: { kind: cast }\n  stop: { kind: cast, until: "2.0" }\n`,
  },
  "version-unchanged": {
    before: `versions: { "1.0": First version. }\n${start("kind: cast")}`,
    example: `versions: { "1.0": First version. }\n${start("kind: cast, params: { name: { type: string, optional: true } }")}`,
    fix: `versions: { "1.0": First version, "1.1": Adds name. }\n${start('kind: cast, params: { name: { type: string, optional: true, since: "1.1" } }')}`,
  },
  "baseline-shape": {
    example: "accepted:\n  method-removed: methods.stop\n",
    fix: "accepted:\n  - rule: method-removed\n    service: demo\n    subject: methods.stop\n    reason: Nobody calls it.\n",
  },
  "baseline-unknown-rule": {
    example:
      "accepted:\n  - rule: method-deleted\n    service: demo\n    subject: methods.stop\n    reason: Nobody calls it.\n",
    fix: "accepted:\n  - rule: method-removed\n    service: demo\n    subject: methods.stop\n    reason: Nobody calls it.\n",
  },
  "baseline-reason": {
    example: 'accepted:\n  - rule: method-removed\n    service: demo\n    subject: methods.stop\n    reason: ""\n',
    fix: "accepted:\n  - rule: method-removed\n    service: demo\n    subject: methods.stop\n    reason: Nobody calls it.\n",
  },
  "baseline-unused": {
    example:
      "# demo has the method stop\naccepted:\n  - rule: method-removed\n    service: demo\n    subject: methods.stop\n    reason: Nobody calls it.\n",
    fix: "accepted: []\n",
  },
};

/** One method, perhaps with types. */
function start(keys: string, types?: string): string {
  return `methods:\n  start: { ${keys} }\n${types === undefined ? "" : `types:\n  ${types}\n`}`;
}

/** A method that takes an Item. */
function argument(types: string): string {
  return start("kind: cast, params: { item: Item }", types);
}

/** A method that returns an Item. */
function result(types: string): string {
  return start("kind: call, returns: Item", types);
}

/** A method that fails with some errors. */
function failing(names: string, errors: string): string {
  return `errors:\n  ${errors}\n${start(`kind: call, errors: [${names}]`)}`;
}
