// Longer than others: the shapes of all parts of a page stand beside what fills them, so that one reading tells both.
import { kindByVersion, kindText, stretchesOf, stretchesText } from "../emit/by-version.js";
import { constraintTexts, sendingText, value, whenOlderText } from "../emit/docs.js";
import { identifiersOf } from "../emit/identifiers.js";
import { argsOf, chosenKind, newestVersion, oldestVersion, returnsNothing } from "../emit/shape.js";
import { typeText as typeScript } from "../emit/typescript.js";
import { historyOf } from "../history/history.js";
import { changeLines } from "../history/markdown.js";
import type { ErrorType, Field, Interval, Method, NamedType, Param, PeriodicTask, Service, Type } from "../model.js";
import { callersServer, topicsAt } from "../routes.js";
import { Examples } from "../samples/examples.js";
import { jsonText } from "../samples/json-text.js";
import { hasEnded } from "../samples/request.js";
import { Sealer } from "../samples/sealed.js";
import { compareVersions } from "../versions.js";
import { durationText, type WireDoc, wireDoc } from "./wire.js";

/** All that a page says about a service, as plain text: HTML and Markdown are two ways to show it. */
export interface ServiceDoc {
  readonly service: Service;
  readonly api: string;
  readonly manager: string;
  readonly newest: string;
  readonly facts: readonly Fact[];
  readonly methods: readonly MethodDoc[];
  readonly types: readonly TypeDoc[];
  readonly errors: readonly ErrorDoc[];
  readonly periodic: readonly PeriodicDoc[];
  readonly versions: readonly VersionDoc[];
}

/** A line of a table of properties. Values in code font are names and numbers. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly isCode: boolean;
}

/** A mark beside a heading: `call`, `since 6.1`, `deprecated`. */
export interface Badge {
  readonly style: "call" | "cast" | "fanout" | "since" | "ended" | "deprecated" | "plain";
  readonly text: string;
}

export interface MethodDoc {
  readonly method: Method;
  readonly badges: readonly Badge[];
  /** TypeScript, without the links. */
  readonly signature: string;
  readonly deprecated: string | undefined;
  readonly facts: readonly Fact[];
  readonly params: readonly FieldDoc[];
  /** Undefined where nothing comes back. */
  readonly returns: { readonly type: Type; readonly description: string | undefined } | undefined;
  readonly errors: readonly { readonly name: string; readonly text: string }[];
  readonly examples: readonly Example[];
  readonly wire: WireDoc;
}

/** A row of a table of arguments or fields. */
export interface FieldDoc {
  readonly name: string;
  readonly type: Type;
  /** `required`, `optional`, `default 1`. */
  readonly presence: string;
  readonly description: string | undefined;
  /** What limits the value, and in which versions it is sent. */
  readonly notes: readonly string[];
  readonly deprecated: string | undefined;
}

export interface Example {
  readonly title: string;
  readonly json: string;
}

export interface TypeDoc {
  readonly type: NamedType;
  readonly badges: readonly Badge[];
  readonly notes: readonly string[];
  readonly fields: readonly FieldDoc[];
  /** Of an enum. */
  readonly values: readonly { readonly value: string; readonly description: string | undefined }[];
  /** Of a union: value of the tag, name of the type. */
  readonly variants: readonly { readonly value: string; readonly type: string }[];
  /** JSON as it is on the wire. */
  readonly example: string;
  readonly usedBy: readonly { readonly kind: "method" | "type" | "error"; readonly name: string }[];
}

export interface ErrorDoc {
  readonly error: ErrorType;
  readonly badges: readonly Badge[];
  readonly fields: readonly FieldDoc[];
  readonly thrownBy: readonly string[];
}

export interface VersionDoc {
  readonly version: string;
  readonly description: string;
  readonly releases: readonly string[];
  /** One line each, with names in backticks. */
  readonly changes: readonly string[];
}

export interface PeriodicDoc {
  readonly task: PeriodicTask;
  readonly schedule: string;
}

/** Collects what a page says. */
export function documentOf(service: Service): ServiceDoc {
  const examples = new Examples(service);
  const sealer = new Sealer(service);
  const names = identifiersOf(service);
  return {
    service,
    api: names.api,
    manager: names.manager,
    newest: newestVersion(service),
    facts: serviceFacts(service),
    methods: service.methods.map((method) => methodDoc(service, method, examples, sealer)),
    types: service.types.map((type) => typeDoc(service, type, examples, sealer)),
    errors: service.errors.map((error) => errorDoc(service, error)),
    periodic: service.periodic.map((task) => ({
      task,
      schedule: `every ${durationText(task.spacing)}${task.runImmediately ? ", and when the service starts" : ""}`,
    })),
    versions: historyOf(service).entries.map(({ version, description, releases, changes }) => ({
      version,
      description,
      releases,
      changes: changeLines(changes),
    })),
  };
}

function serviceFacts(service: Service): readonly Fact[] {
  const names = identifiersOf(service);
  const oldest = oldestVersion(service);
  const newest = newestVersion(service);
  return [
    fact("Topic", service.topic),
    service.exchange === undefined
      ? { label: "Exchange", value: "the transport's control exchange, openstack by default", isCode: false }
      : fact("Exchange", service.exchange),
    ...(service.namespace === undefined ? [] : [fact("Namespace", service.namespace)]),
    fact("Versions", oldest === newest ? newest : `${oldest} to ${newest}`),
    fact("Client", names.api),
    fact("Manager", names.manager),
    fact("Definition", service.source),
    ...service.timeouts.map(({ name, timeout, heartbeat }) => ({
      label: `Time-out ${name}`,
      value: `${durationText(timeout)}${heartbeat === undefined ? "" : `, monitored every ${durationText(heartbeat)}`}`,
      isCode: false,
    })),
  ];
}

function methodDoc(service: Service, method: Method, examples: Examples, sealer: Sealer): MethodDoc {
  const { returns } = method;
  return {
    method,
    badges: [...kindBadges(method), ...intervalBadges(service, method.interval, method.deprecated)],
    signature: signatureOf(method),
    deprecated: method.deprecated,
    facts: methodFacts(service, method),
    params: method.params.map((param) => paramDoc(service, method, param)),
    returns: returnsNothing(method)
      ? undefined
      : { type: returns.type, description: joinedText(returns.description, constraintTexts(returns.constraints)) },
    errors: method.errors.map((name) => ({
      name,
      text: errorText(service.errors.find((error) => error.name === name)),
    })),
    examples: exampleDocs(method.examples),
    wire: wireDoc(service, method, examples, sealer),
  };
}

/** `rebuildInstance(context, { instance, host? }): Promise<void>`, as the generated API has it. */
function signatureOf(method: Method): string {
  const args = argsOf(method).map(({ name, optional, type }) => `${name}${optional ? "?" : ""}: ${typeScript(type)}`);
  const chosen = chosenKind(method);
  const kinds = method.kind.flatMap(({ value: kind }) => (typeof kind === "string" ? [kind] : [kind.true, kind.false]));
  const answers = kinds.includes("call") && !returnsNothing(method);
  const mayBeMissing = answers && chosen === undefined && new Set(kinds).size > 1;
  const answer = typeScript(method.returns.type);
  const result = answers ? `${answer}${mayBeMissing && answer !== "unknown" ? " | undefined" : ""}` : "void";
  const flat = args.length === 0 ? "context" : `context, { ${args.join("; ")} }`;
  const head = `${method.member}(${flat}): Promise<${result}>`;
  if (head.length <= 92 || args.length === 0) return head;
  return `${method.member}(context, {\n${args.map((arg) => `  ${arg};\n`).join("")}}): Promise<${result}>`;
}

function serverFact({ interval, value }: Method["server"][number], hasOthers: boolean): Fact {
  const { since, until } = interval;
  const when = hasOthers ? ` since ${since}${until === undefined ? "" : `, until ${until}`}` : "";
  const paths = value.map((path) => (path === callersServer ? "otherwise any server" : path));
  return fact(`Server${when}${paths.length > 1 ? ", the first that is set" : ""}`, paths.join(", ") || "any server");
}

/** The topic of a version; one with a place that is not set gives way to the next. */
function topicTextAt(service: Service, method: Method, version: string): string {
  const names = topicsAt(method, version);
  return (names.length === 0 ? [service.topic] : names).map((name) => `\`${name}\``).join(" or else ");
}

function methodFacts(service: Service, method: Method): readonly Fact[] {
  const { server, timeout, heartbeat, concurrency, delivery, attempts, tooOld, was } = method;
  const chosen = chosenKind(method);
  const isFanout = method.kind.every(({ value: kind }) => kind === "fanout");
  const topics = stretchesOf(service, method.interval, (version) => topicTextAt(service, method, version));
  const kinds = kindByVersion(service, method) ?? (chosen === undefined ? undefined : kindText(chosen));
  return [
    ...(kinds === undefined ? [] : [{ label: "Kind", value: kinds, isCode: false }]),
    ...(server.length === 0
      ? [
          {
            label: "Server",
            value: isFanout ? "every server of the topic" : "any server of the topic, or the one in the option server",
            isCode: false,
          },
        ]
      : server.map((rule) => serverFact(rule, server.length > 1))),
    ...(topics.some(({ value: topic }) => topic !== `\`${service.topic}\``)
      ? [{ label: "Topic", value: stretchesText(topics, (topic) => topic), isCode: false }]
      : []),
    ...(timeout === undefined
      ? []
      : [
          {
            label: "Time-out",
            value: typeof timeout === "number" ? durationText(timeout) : `the profile ${timeout.profile}`,
            isCode: false,
          },
        ]),
    ...(heartbeat === undefined ? [] : [{ label: "Monitored every", value: durationText(heartbeat), isCode: false }]),
    ...(method.idempotent
      ? [{ label: "Idempotent", value: "may be sent again after a lost connection", isCode: false }]
      : []),
    ...(delivery === "at-most-once"
      ? []
      : [
          {
            label: "Delivery",
            value: `at least once${attempts === undefined ? "" : `, ${attempts} attempts`}`,
            isCode: false,
          },
        ]),
    ...(concurrency === undefined
      ? []
      : [{ label: "Concurrency", value: `${concurrency} at the same time on a server`, isCode: false }]),
    ...(tooOld === undefined ? [] : [fact("Below its version", tooOld.error)]),
    ...(was.length === 0
      ? []
      : [fact("Former names", was.map(({ name, before }) => `${name} (before ${before})`).join(", "))]),
  ];
}

function paramDoc(service: Service, method: Method, param: Param): FieldDoc {
  const { text, notes } = fieldTexts(param);
  const { since, until } = param.interval;
  const isYounger = compareVersions(since, method.interval.since) > 0;
  const sending = sendingText(method, param);
  return {
    ...fieldDoc(param),
    description: text,
    presence:
      param.const !== undefined
        ? `always ${value(param.const.value)}`
        : param.from !== undefined
          ? `from ${param.from}`
          : presenceOf(param),
    notes: [
      ...(isYounger ? [`since ${since}: ${whenOlderText(param)}`] : []),
      ...(until === undefined
        ? []
        : [hasEnded(param.interval, newestVersion(service)) ? `gone since ${until}` : `until ${until}`]),
      ...(sending === undefined || until !== undefined ? [] : [sending]),
      ...(param.convert === undefined
        ? []
        : [
            `sent as ${param.convert.name} makes it${param.convert.before === undefined ? "" : `, before ${param.convert.before}`}`,
          ]),
      ...param.was.map(({ before, name, type }) =>
        [
          `before ${before}`,
          name === undefined ? undefined : `named ${name}`,
          type === undefined ? undefined : `a ${typeScript(type)}`,
        ]
          .filter((part) => part !== undefined)
          .join(", "),
      ),
      ...notes,
    ],
  };
}

function fieldDoc(field: Field): FieldDoc {
  const { text, notes } = fieldTexts(field);
  return {
    name: field.name,
    type: field.type,
    presence: presenceOf(field),
    description: text,
    notes,
    deprecated: field.deprecated,
  };
}

function fieldTexts(field: Field): { readonly text: string | undefined; readonly notes: readonly string[] } {
  return {
    text: field.description,
    notes: [
      ...constraintTexts(field.constraints),
      ...(field.sensitive
        ? ["sensitive: masked in logs and errors"]
        : field.examples.map((each) => `example ${value(each)}`)),
    ],
  };
}

function presenceOf(field: Field): string {
  if (field.default !== undefined) return `default ${value(field.default.value)}`;
  return field.optional ? "optional" : "required";
}

function exampleDocs(examples: readonly unknown[]): readonly Example[] {
  return examples.flatMap((example, index) => {
    const number = examples.length === 1 ? "" : ` ${index + 1}`;
    // The compiler has read them as { params, returns }.
    const { params, returns } = example as { readonly params?: unknown; readonly returns?: unknown };
    return [
      ...(params === undefined ? [] : [{ title: `Example${number}: arguments`, json: jsonText(params) }]),
      ...(returns === undefined ? [] : [{ title: `Example${number}: result`, json: jsonText(returns) }]),
    ];
  });
}

function typeDoc(service: Service, type: NamedType, examples: Examples, sealer: Sealer): TypeDoc {
  const kinds = {
    object: type.kind === "object" && type.object !== undefined ? "versioned object" : "object",
    enum: "enum",
    union: "union",
    alias: "alias",
  };
  return {
    type,
    badges: [
      { style: "plain", text: kinds[type.kind] },
      ...(type.deprecated === undefined ? [] : [{ style: "deprecated", text: "deprecated" } as const]),
    ],
    notes: [
      ...(type.kind === "object" && type.object !== undefined
        ? [
            `${type.object.namespace}.${type.object.name} ${type.object.version}; on the wire its fields are in ${type.object.prefix}.data`,
          ]
        : []),
      ...(type.kind === "alias" ? constraintTexts(type.constraints) : []),
      ...(type.kind === "union" ? [`the field ${type.tag} tells which one it is`] : []),
    ],
    fields: type.kind === "object" ? type.fields.map(fieldDoc) : [],
    values:
      type.kind === "enum" ? type.values.map(({ value: each, description }) => ({ value: each, description })) : [],
    variants: type.kind === "union" ? type.variants : [],
    example: jsonText(sealer.seal({ kind: "ref", name: type.name }, examples.ofNamed(type.name))),
    usedBy: usersOf(service, type.name),
  };
}

function usersOf(service: Service, name: string): TypeDoc["usedBy"] {
  const mentions = (type: Type): boolean => {
    switch (type.kind) {
      case "ref":
        return type.name === name;
      case "list":
        return mentions(type.items);
      case "map":
        return mentions(type.values);
      case "nullable":
        return mentions(type.type);
      default:
        return false;
    }
  };
  const inType = (type: NamedType): boolean =>
    type.kind === "object"
      ? type.fields.some((field) => mentions(field.type))
      : type.kind === "union"
        ? type.variants.some((variant) => variant.type === name)
        : type.kind === "alias" && mentions(type.type);
  return [
    ...service.methods
      .filter(({ params, returns }) => mentions(returns.type) || params.some((param) => mentions(param.type)))
      .map((method) => ({ kind: "method" as const, name: method.name })),
    ...service.types
      .filter((type) => type.name !== name && inType(type))
      .map((type) => ({ kind: "type" as const, name: type.name })),
    ...service.errors
      .filter(({ fields }) => fields.some((field) => mentions(field.type)))
      .map((error) => ({ kind: "error" as const, name: error.name })),
  ];
}

function errorDoc(service: Service, error: ErrorType): ErrorDoc {
  return {
    error,
    badges: intervalBadges(service, error.interval, error.deprecated),
    fields: error.fields.map(fieldDoc),
    thrownBy: service.methods.filter(({ errors }) => errors.includes(error.name)).map(({ name }) => name),
  };
}

function kindBadges(method: Method): readonly Badge[] {
  const kinds = new Set(
    method.kind.flatMap(({ value: kind }) => (typeof kind === "string" ? [kind] : [kind.true, kind.false])),
  );
  return [...kinds].map((kind) => ({ style: kind, text: kind }));
}

function intervalBadges(service: Service, interval: Interval, deprecated: string | undefined): readonly Badge[] {
  const isYounger = compareVersions(interval.since, oldestVersion(service)) > 0;
  return [
    ...(isYounger ? [{ style: "since", text: `since ${interval.since}` } as const] : []),
    ...(interval.until === undefined ? [] : [{ style: "ended", text: `until ${interval.until}` } as const]),
    ...(deprecated === undefined ? [] : [{ style: "deprecated", text: "deprecated" } as const]),
  ];
}

function errorText(error: ErrorType | undefined): string {
  return error?.description ?? error?.message ?? "";
}

function joinedText(text: string | undefined, notes: readonly string[]): string | undefined {
  const parts = [...(text === undefined ? [] : [text.trim()]), ...(notes.length === 0 ? [] : [`${notes.join(", ")}.`])];
  return parts.length === 0 ? undefined : parts.join("\n\n");
}

function fact(label: string, text: string): Fact {
  return { label, value: text, isCode: true };
}
