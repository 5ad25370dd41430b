/** JSON Schema's types in plain words. */
export const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  object: "a map",
  array: "a list",
  boolean: "true or false",
  number: "a number",
  integer: "a whole number",
  null: "empty",
};

/** What is expected where a type has more to say than its name; by the end of the place in the schema. */
export const expectations = [
  ["/typeExpression/type", "a type, such as string or list<uuid>"],
  ["/field/type", "a type, or a map with type and more"],
  ["/parameter/type", "a type, or a map with type and more"],
  ["/result/type", "a type, or a map with type and more"],
  ["/definitions/type/type", "a map with fields, enum, one_of, type or schema"],
  ["/method/type", "a map with kind and more"],
  ["/path/type", "a path, such as instance.host"],
  ["/profile/type", "a duration, or a map with timeout and heartbeat"],
  ["/task/type", "a duration, or a map with spacing and more"],
  ["/error/type", "a map with message, fields and more"],
  ["/method/properties/kind/type", "call, cast or fanout, a map by which the caller chooses, or a list of rules"],
  ["/method/properties/server/type", "a path, or a list of paths"],
  ["/method/properties/topic/type", "a name, or a list of rules"],
  ["/method/properties/label/type", "a version, or a list of rules"],
  ["/convert/type", "a function's name, or a map with name and before"],
  ["/when_older/type", "drop, reject, an error, or a map with error and fields"],
  ["/too_old/type", "an error, or a map with error and fields"],
] as const;

/** What the topic of a method must look like. */
export const topicForm = "letters, digits, . _ : - and paths in braces, such as cinder-volume.{volume.queue}";

/** What a text must look like; by the end of the place in the schema. */
export const forms = [
  ["/method/properties/topic/pattern", topicForm],
  ["/properties/topic/pattern", "letters, digits and . _ : -, such as compute; methods may have topics with paths"],
  ["/topicName/pattern", topicForm],
  ["/amqpName/pattern", "letters, digits and . _ : -, such as nova"],
  ["/exchange/pattern", "letters, digits and . _ : -, such as nova"],
  ["/namespace/pattern", "letters, digits and . _ : -, such as compute_task"],
  ["/wire/pattern", "module.Class, such as nova.exception.InstanceNotFound"],
  ["/converterName/pattern", "the name of a function, such as flavor_to_type"],
  ["/convert/pattern", "the name of a function, such as flavor_to_type"],
] as const;

/** What other tools call our keys. */
export const habits = new Map([
  ["args", "params"],
  ["arguments", "params"],
  ["parameters", "params"],
  ["input", "params"],
  ["return", "returns"],
  ["result", "returns"],
  ["response", "returns"],
  ["output", "returns"],
  ["doc", "description"],
  ["docs", "description"],
  ["summary", "description"],
  ["desc", "description"],
  ["properties", "fields"],
  ["throws", "errors"],
  ["raises", "errors"],
  ["oneof", "one_of"],
  ["discriminator", "tag"],
  ["values", "enum"],
  ["nullable", "type: T?"],
  ["required", "optional: true"],
  ["import", "imports"],
  ["include", "imports"],
]);

/** What a key that is missing would say. */
export const keyMeanings = new Map([
  ["rpcapi", "the edition of the language: rpcapi: 1"],
  ["versions", 'what the service can speak: versions: { "1.0": First version. }'],
  ["kind", "call, cast or fanout"],
  ["by", "the boolean parameter by which the caller chooses"],
  ["true", "the kind when the argument is true"],
  ["false", "the kind when the argument is false"],
  ["before", 'the first version in which it was no longer so, such as "6.0"'],
  ["spacing", "the time between two runs, such as 10m"],
  ["timeout", "the time to wait for the reply, such as 30m"],
]);

/** What the maps of the schema are. */
export const owners: Readonly<Record<string, string>> = {
  "#": "a definition",
  "#/definitions/method": "a method",
  "#/definitions/method/properties/kind": "a chosen kind",
  "#/definitions/method/properties/was/items": "a former name",
  "#/definitions/parameter": "a parameter",
  "#/definitions/parameter/properties/convert": "a converter",
  "#/definitions/field": "a field",
  "#/definitions/formerParameter": "a former shape",
  "#/definitions/type": "a type",
  "#/definitions/type/properties/object": "a versioned object",
  "#/definitions/error": "an error",
  "#/definitions/result": "a result",
  "#/definitions/profile": "a time-out profile",
  "#/definitions/task": "a periodic task",
  "#/definitions/chosenKind": "a chosen kind",
  "#/definitions/kindRule": "a rule for the kind",
  "#/definitions/topicRule": "a rule for the topic",
  "#/definitions/labelRule": "a rule for the label",
  "#/definitions/when_older": "a refusal",
  "#/definitions/too_old": "a refusal",
  "#/definitions/methodExample": "an example of a method",
};
