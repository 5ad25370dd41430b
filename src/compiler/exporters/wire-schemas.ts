import { builtInConverters } from "../converters.js";
import { everySchemaOf, type Fields, type JsonSchema } from "../emit/schema.js";
import { requestOf, returnsNothing } from "../emit/shape.js";
import { formats } from "../formats.js";
import type { ErrorType, Field, Method, NamedType, Service, VersionedObject } from "../model.js";

/** How a document says what ours says. */
export interface Dialect {
  /** Where the named types are: `#/$defs/`. */
  readonly types: string;
  /** In JSON Schema before 2019 everything beside a `$ref` is passed over, so it stands in an `allOf`. */
  readonly wrapsRefs: boolean;
}

/** A service as JSON Schema of what is on the wire. */
export interface WireSchemas {
  /** Named types, raw schemas and the fields of versioned objects, by the name under which `$ref` finds them. */
  readonly types: Readonly<Record<string, JsonSchema>>;
  readonly args: (method: Method) => JsonSchema;
  /** Each argument by itself, in the order of the definition. */
  readonly params: (method: Method) => readonly ParamSchema[];
  /** Undefined where nothing comes back. */
  readonly result: (method: Method) => JsonSchema | undefined;
  readonly fields: (error: ErrorType) => JsonSchema;
}

interface ParamSchema {
  readonly name: string;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  readonly schema: JsonSchema;
}

/**
 * The schemas of the newest version, from the schemas of the validators: in plain JSON Schema, with the definition's
 * words, and versioned objects in their envelopes.
 */
export function wireSchemasOf(service: Service, dialect: Dialect): WireSchemas {
  const every = everySchemaOf(service);
  const plain = (schema: JsonSchema): JsonSchema => plainSchema(schema, dialect);
  const types = new Map(service.types.map((type) => [type.name, type]));
  const entries = [...every.shared].flatMap(([name, schema]) => {
    const type = types.get(name);
    return type === undefined
      ? [[name, rawSchema(schema, name, dialect)] as const]
      : namedSchemas(type, plain(schema), dialect);
  });
  const argsOf = (method: Method): JsonSchema => {
    const described = withFields(plain(every.methods.get(method.name) ?? {}), method.params, dialect);
    return { ...described, ...propertiesOf(described, method) };
  };
  return {
    types: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
    args: argsOf,
    params: (method) => {
      const properties = propertiesIn(argsOf(method));
      return requestOf(service, method).map(({ name, optional, param }) => ({
        name,
        required: !optional && param.default === undefined,
        description: param.description,
        deprecated: param.deprecated !== undefined,
        schema: properties[name] ?? {},
      }));
    },
    result: (method) =>
      returnsNothing(method)
        ? undefined
        : {
            ...words({ description: method.returns.description }),
            ...wrapped(plain(every.results.get(method.name) ?? {}), dialect),
          },
    fields: (error) => withFields(plain(every.errors.get(error.name) ?? {}), error.fields, dialect),
  };
}

/** A converter of the user makes something that the definition does not describe. */
function propertiesOf(schema: JsonSchema, { params }: Method): JsonSchema {
  const converted = params.filter(
    ({ convert }) => convert !== undefined && convert.before === undefined && !builtInConverters.has(convert.name),
  );
  if (converted.length === 0) return {};
  const others = converted.map((param) => [
    param.name,
    words({ description: joinText(param.description, `Sent as the converter ${param.convert?.name ?? ""} makes it.`) }),
  ]);
  return { properties: { ...propertiesIn(schema), ...Object.fromEntries(others) } };
}

function namedSchemas(
  type: NamedType,
  schema: JsonSchema,
  dialect: Dialect,
): readonly (readonly [string, JsonSchema])[] {
  const said = words({
    description: type.description,
    deprecated: type.deprecated !== undefined,
    examples: type.kind === "object" && type.object !== undefined ? [] : type.examples,
  });
  if (type.kind !== "object") return [[type.name, { ...said, ...wrapped(schema, dialect) }]];
  const fields = withFields(schema, type.fields, dialect);
  if (type.object === undefined) return [[type.name, { ...said, ...fields }]];
  return [
    [type.name, { ...said, ...envelope(type.object, `${dialect.types}${dataName(type.name)}`) }],
    [dataName(type.name), { description: `The fields of ${type.name}.`, ...fields }],
  ];
}

/** No type has a name with a dot. */
function dataName(name: string): string {
  return `${name}.data`;
}

/** The envelope of oslo.versionedobjects. */
function envelope({ prefix, name, namespace, version }: VersionedObject, fields: string): JsonSchema {
  return {
    type: "object",
    properties: {
      [`${prefix}.name`]: { const: name },
      [`${prefix}.namespace`]: { const: namespace },
      [`${prefix}.version`]: { type: "string", examples: [version] },
      [`${prefix}.data`]: { $ref: fields },
      [`${prefix}.changes`]: {
        type: "array",
        items: { type: "string" },
        description: "Names of the fields that were changed.",
      },
    },
    required: ["name", "namespace", "version", "data"].map((key) => `${prefix}.${key}`),
  };
}

/** The definition's words beside what the validators know of each field. */
function withFields(schema: JsonSchema, fields: readonly Field[], dialect: Dialect): JsonSchema {
  const properties = propertiesIn(schema);
  const described = Object.entries(properties).map(([name, property]) => {
    const field = fields.find((each) => each.name === name);
    if (field === undefined) return [name, property] as const;
    const said = words({
      description:
        field.deprecated === undefined
          ? field.description
          : joinText(field.description, `Deprecated: ${field.deprecated}`),
      deprecated: field.deprecated !== undefined,
      // An example of a secret would teach people to write theirs into definitions.
      examples: field.sensitive ? [] : field.examples,
      default: field.default,
    });
    const marks = field.sensitive ? { "x-sensitive": true } : {};
    const isPlain = Object.keys(said).length === 0 && !field.sensitive;
    return [name, isPlain ? property : { ...said, ...wrapped(property, dialect), ...marks }] as const;
  });
  return { ...schema, properties: Object.fromEntries(described) };
}

function words(said: {
  readonly description?: string | undefined;
  readonly deprecated?: boolean;
  readonly examples?: readonly unknown[];
  readonly default?: { readonly value: unknown } | undefined;
}): JsonSchema {
  return {
    ...(said.description === undefined ? {} : { description: said.description.trim() }),
    ...(said.default === undefined ? {} : { default: said.default.value }),
    ...(said.deprecated === true ? { deprecated: true } : {}),
    ...(said.examples === undefined || said.examples.length === 0 ? {} : { examples: said.examples }),
  };
}

function joinText(text: string | undefined, more: string): string {
  return text === undefined ? more : `${text.trim()} ${more}`;
}

function propertiesIn(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema;
  // Made by plainSchema below, of nothing but schemas.
  return (properties ?? {}) as Readonly<Record<string, JsonSchema>>;
}

/** The keywords of our validators in JSON Schema's own. */
function plainSchema(schema: JsonSchema, dialect: Dialect): JsonSchema {
  const entries = Object.entries(schema).flatMap(([keyword, value]) => plainKeyword(keyword, value, schema, dialect));
  return wrapped(Object.fromEntries(entries), dialect);
}

function plainKeyword(
  keyword: string,
  value: unknown,
  schema: JsonSchema,
  dialect: Dialect,
): readonly (readonly [string, unknown])[] {
  // What emit/schema.ts writes under these keywords.
  const inner = (each: unknown): JsonSchema => plainSchema(each as JsonSchema, dialect);
  switch (keyword) {
    case "fields": {
      const { properties, required, closed } = value as Fields;
      return [
        ["type", "object"],
        ["properties", Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, inner(each)]))],
        ...(required.length === 0 ? [] : [["required", required] as const]),
        ...(closed ? [["additionalProperties", false] as const] : []),
      ];
    }
    case "safeInteger":
      return [
        ["type", "integer"],
        ...(hasLimit(schema, "inimum") ? [] : [["minimum", Number.MIN_SAFE_INTEGER] as const]),
        ...(hasLimit(schema, "aximum") ? [] : [["maximum", Number.MAX_SAFE_INTEGER] as const]),
      ];
    case "bigint":
      return [["type", "integer"]];
    case "bigintLimits":
      return (value as readonly (readonly [string, string])[]).map(([word, digits]) => [word, BigInt(digits)]);
    case "bigintEnum":
      return [["enum", (value as readonly string[]).map(BigInt)]];
    case "uniqueScalars":
      return [["uniqueItems", true]];
    case "orNull":
      return [["anyOf", [inner(value), { type: "null" }]]];
    case "unionTag":
      return [];
    case "union": {
      const tag = String(schema["unionTag"]);
      const variants = Object.entries(value as Readonly<Record<string, JsonSchema>>);
      return [
        [
          "oneOf",
          variants.map(([name, each]) => ({
            allOf: [inner(each), { properties: { [tag]: { const: name } }, required: [tag] }],
          })),
        ],
      ];
    }
    case "$ref":
      return [["$ref", `${dialect.types}${String(value)}`]];
    case "items":
    case "additionalProperties":
      return [[keyword, typeof value === "object" ? inner(value) : value]];
    case "format":
      return formatted(String(value));
    default:
      return [[keyword, value]];
  }
}

/** oslo's datetimes have no offset, which RFC 3339 wants, so that the standard's own format would refuse them. */
function formatted(format: string): readonly (readonly [string, unknown])[] {
  if (format === "date-time") return [["pattern", formats["date-time"].source]];
  if (format === "byte") return [["contentEncoding", "base64"]];
  return [["format", format]];
}

function hasLimit(schema: JsonSchema, ending: string): boolean {
  return Object.keys(schema).some((word) => word.endsWith(ending));
}

/** What stands beside a `$ref`, where the dialect would pass it over. */
function wrapped(schema: JsonSchema, { wrapsRefs }: Dialect): JsonSchema {
  const { $ref, ...rest } = schema;
  if (!wrapsRefs || $ref === undefined || Object.keys(rest).length === 0) return schema;
  return { ...rest, allOf: [{ $ref }] };
}

/** A raw schema has become a part of a document: its own references begin where it is now. */
function rawSchema(schema: JsonSchema, name: string, dialect: Dialect): JsonSchema {
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === "$ref" && typeof item === "string" && /^#(\/|$)/.test(item)
          ? `${dialect.types}${name}${item.slice(1)}`
          : moved(item),
      ]),
    );
  };
  const { $schema: _, ...rest } = schema;
  // The copy has the same keys.
  return moved(rest) as JsonSchema;
}
