import type { Field, Method, NamedType, Scalar, Service, Type } from "../model.js";
import { inInterval } from "../versions.js";
import { KnownTypes } from "./known-types.js";
import { choice, group, indent, type Layout, line, list, print, softline, trailingComma } from "./layout.js";
import { escapedKey, literalKey, memberAccess, memberName, objectLayout, stringLiteral } from "./literal.js";
import { newestVersion, returnsNothing } from "./shape.js";
import { namesIn, typeText } from "./typescript.js";

/** What the template of encoders.ts prints. */
export interface EncodersCode {
  /** Entries of the exported table, by the method's wire name. */
  readonly methods: readonly string[];
  /** Constants which put versioned objects into their envelopes. */
  readonly sealers: readonly string[];
  /** A function for each named type in arguments and results. */
  readonly functions: readonly string[];
  /** What they take from the runtime. */
  readonly helpers: readonly string[];
  /** The named types which they mention. */
  readonly types: readonly string[];
}

/**
 * Prints functions that print the arguments and results of a service; undefined where no type is known well enough.
 * They know today's shape: an argument which the newest version does not send, or not as it is, has none.
 */
export function encodersOf(service: Service, descriptor: string): EncodersCode | undefined {
  const encoders = new Encoders(service, descriptor);
  const methods = service.methods.flatMap((method) => encoders.method(method));
  if (methods.length === 0) return undefined;
  // Printing the functions finds what they mention, so it comes before the lists of that.
  const functions = encoders.functions();
  return { methods, functions, ...encoders.mentioned() };
}

/** Helpers of the runtime, by the scalars which they print. */
const scalarHelpers: Readonly<Record<Scalar, string>> = {
  string: "stringText",
  boolean: "booleanText",
  integer: "numberText",
  number: "numberText",
  bigint: "bigintText",
  datetime: "stringText",
  date: "stringText",
  uuid: "stringText",
  bytes: "stringText",
  any: "anyText",
  none: "anyText",
};

/** Helpers for lists of what other helpers print. */
const listHelpers: ReadonlyMap<string, string> = new Map([
  ["stringText", "stringsText"],
  ["numberText", "numbersText"],
]);

/** What is printed of a field. */
type Member = Pick<Field, "name" | "type">;

class Encoders {
  readonly #service: Service;
  readonly #descriptor: string;
  readonly #types: KnownTypes;
  /** Types whose functions are called. */
  readonly #called = new Set<string>();
  readonly #sealers: string[] = [];
  readonly #helpers = new Set<string>();
  readonly #mentioned = new Set<string>();

  constructor(service: Service, descriptor: string) {
    this.#service = service;
    this.#descriptor = descriptor;
    this.#types = new KnownTypes(service.types);
  }

  /** The entry of a method; none where nothing of it is known. */
  method(method: Method): readonly string[] {
    const newest = newestVersion(this.#service);
    if (!inInterval(method.interval, newest)) return [];
    const params = method.params.filter(
      ({ interval, local, convert, type }) =>
        !local &&
        inInterval(interval, newest) &&
        (convert === undefined || convert.before !== undefined) &&
        this.#types.pays(type),
    );
    const { type } = method.returns;
    const entries: (readonly [string, Layout])[] = [];
    if (params.length > 0) {
      entries.push(["params", objectLayout(params.map((param) => [param.name, this.#function(param.type)]))]);
    }
    if (!returnsNothing(method) && this.#types.pays(type)) entries.push(["result", this.#function(type)]);
    return entries.length === 0 ? [] : [print([`${literalKey(method.name)}: `, objectLayout(entries), ","], 1)];
  }

  /** The functions of all types that are called, in the order of the types. */
  functions(): readonly string[] {
    const printed = new Map<string, string>();
    // Printing one may call others: a set hands out what is added while it is walked.
    for (const name of this.#called) {
      const type = this.#types.get(name);
      if (type !== undefined) printed.set(name, this.#declaration(type));
    }
    return this.#service.types.flatMap(({ name }) => printed.get(name) ?? []);
  }

  mentioned(): Pick<EncodersCode, "sealers" | "helpers" | "types"> {
    return { sealers: this.#sealers, helpers: [...this.#helpers], types: [...this.#mentioned] };
  }

  /** A function which prints the type, as an expression. */
  #function(type: Type): Layout {
    const name = this.#name(type);
    if (name !== undefined) return this.#use(name);
    for (const each of namesIn(type)) this.#mentioned.add(each);
    return [`(value: ${typeText(type)}) =>`, group(this.#arrowBody(type, "value"))];
  }

  /** A formatter puts parentheses around a choice, but not on a line of its own. */
  #arrowBody(type: Type, subject: string): Layout {
    const body = this.#call(type, subject);
    return indent([line, this.#types.isNullable(type) ? [choice("", "("), body, choice("", ")")] : body]);
  }

  /** An expression which prints a subject of the type. */
  #call(type: Type, subject: string): Layout {
    const name = this.#name(type);
    if (name !== undefined) return [this.#use(name), list("(", [subject], ")")];
    switch (type.kind) {
      case "list":
        return this.#each("listText", subject, type.items);
      case "map":
        return this.#each("mapText", subject, type.values);
      case "nullable":
        return group([`${subject} === null`, choose('"null"', this.#call(this.#notNull(type.type), subject))]);
      case "ref":
        // An alias of what may be null.
        return this.#call(this.#types.aliased(type), subject);
      default:
        return [this.#use("anyText"), list("(", [subject], ")")];
    }
  }

  /** A helper's call with what prints each item of a collection. */
  #each(helper: string, subject: string, items: Type): Layout {
    const name = this.#name(items);
    if (name !== undefined) return [this.#use(helper), list("(", [subject, this.#use(name)], ")")];
    const start = `${this.#use(helper)}(${subject}, (item) =>`;
    return group([start, this.#arrowBody(items, "item"), trailingComma, softline, ")"]);
  }

  /** The function that prints the type, where it has a name. */
  #name(type: Type): string | undefined {
    switch (type.kind) {
      case "scalar":
        return scalarHelpers[type.scalar];
      case "schema":
        return "anyText";
      case "nullable":
        // It prints null too.
        return this.#name(type.type) === "anyText" ? "anyText" : undefined;
      case "list":
        return this.#listName(type.items);
      case "map":
        return this.#types.isAny(type) ? this.#unfit(type) : undefined;
      case "ref":
        return this.#refName(type);
    }
  }

  #listName(items: Type): string | undefined {
    if (!this.#types.pays({ kind: "list", items })) return this.#unfit(items);
    const scalar = this.#types.scalarOf(items);
    return scalar === undefined || this.#types.isNullable(items) ? undefined : listHelpers.get(scalarHelpers[scalar]);
  }

  #refName(type: Type & { readonly kind: "ref" }): string | undefined {
    const named = this.#types.get(type.name);
    if (named === undefined) return "anyText";
    switch (named.kind) {
      case "enum":
        return "stringText";
      case "alias": {
        const base = this.#types.baseOf(named.type);
        const isCollection = base.kind === "list" || base.kind === "map";
        // A collection of itself must have a function.
        return isCollection && !isScalars(base) ? `encode${named.name}` : this.#name(named.type);
      }
      default:
        return this.#types.isUnknown(named.name) ? this.#unfit(type) : `encode${named.name}`;
    }
  }

  #declaration(type: NamedType): string {
    this.#mentioned.add(type.name);
    const tags = this.#types.tagsOf(type.name).map((tag) => ` & { ${memberName(tag)}?: string }`);
    const parameter = `value: ${type.name}${tags.join("")}`;
    const start = [`function encode${type.name}`, list("(", [parameter], ")"), ": string {"];
    const body = this.#body(type).map((each) => `\n  ${print(each, 1)}`);
    return `${print(start)}${body.join("")}\n}`;
  }

  #body(type: NamedType): readonly Layout[] {
    switch (type.kind) {
      case "object":
        return this.#objectBody(type);
      case "union":
        return this.#unionBody(type);
      case "alias":
        return [["return ", this.#call(type.type, "value"), ";"]];
      case "enum":
        return [];
    }
  }

  /** What is always there comes first, so that only the first of what may be absent can be without a comma. */
  #objectBody(type: NamedType & { readonly kind: "object" }): readonly Layout[] {
    const tags = this.#types.tagsOf(type.name).map((name): Member => ({ name, type: text }));
    const required: readonly Member[] = type.fields.filter(({ optional }) => !optional);
    const optional: readonly Member[] = [...tags, ...type.fields.filter((field) => field.optional)];
    const [first, ...others] = required;
    const start = first === undefined ? '"{"' : `\`{${this.#member(first)}\``;
    const isWhole = others.length + optional.length === 0;
    const count = optional.length === 0 ? `${required.length}` : "count";
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the generated code has the template
    const whole = "`${text}}`";
    const fits = type.object === undefined ? whole : `${this.#sealer(type.name)}(value, ${whole})`;
    const unfit = `${this.#use("unfitText")}(value)`;
    return [
      `if (!${this.#use("isPlain")}(value)) return ${unfit};`,
      `${isWhole ? "const" : "let"} text = ${start};`,
      ...others.map((field) => `text += \`,${this.#member(field)}\`;`),
      ...(optional.length === 0 ? [] : [`let count = ${required.length};`]),
      ...optional.flatMap((field, index) => {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the generated code has the template
        const comma = first !== undefined ? "," : index === 0 ? "" : '${count === 0 ? "" : ","}';
        return [
          `if (value${memberAccess(field.name)} !== undefined) {`,
          `  text += \`${comma}${this.#member(field)}\`;`,
          "  count += 1;",
          "}",
        ];
      }),
      ["return ", group([`${this.#use("hasFields")}(value, ${count})`, choose(fits, unfit), ";"])],
    ];
  }

  #unionBody(type: NamedType & { readonly kind: "union" }): readonly Layout[] {
    const cases = type.variants.flatMap(({ value, type: name }): readonly Layout[] => {
      const variant: Type = { kind: "ref", name };
      if (this.#name(variant) === "unfitText") return [];
      return [`  case ${stringLiteral(value)}:`, ["    return ", this.#call(variant, "value"), ";"]];
    });
    const start = `switch (value${memberAccess(type.tag)}) {`;
    return [start, ...cases, "  default:", `    return ${this.#use("unfitText")}(value);`, "}"];
  }

  /** The text of a field inside a template literal, where formatters break no lines. */
  #member({ name, type }: Member): string {
    const printed = print(this.#call(type, `value${memberAccess(name)}`), 0, Number.POSITIVE_INFINITY);
    return `${escapedKey(name)}:\${${printed}}`;
  }

  /** What prints a type that is not known: versioned objects in it need more than their text. */
  #unfit(type: Type): string {
    return namesIn(type).some((name) => this.#types.isSealed(name)) ? "unfitText" : "anyText";
  }

  #sealer(name: string): string {
    const object = `${this.#descriptor}.codecs.${name}.object`;
    this.#sealers.push(print([`const seal${name} = ${this.#use("sealer")}`, list("(", [object], ")"), ";"]));
    return `seal${name}`;
  }

  /** Notes that the code uses a function of the runtime, or one of its own for a type. */
  #use(name: string): string {
    const type = name.startsWith("encode") ? name.slice("encode".length) : undefined;
    if (type === undefined) this.#helpers.add(name);
    else this.#called.add(type);
    return name;
  }

  /** Without a `?` of its own: what is not null is not asked a second time. */
  #notNull(type: Type): Type {
    if (type.kind === "nullable") return this.#notNull(type.type);
    if (type.kind !== "ref" || !this.#types.isNullable(type) || this.#name(type) !== undefined) return type;
    return this.#notNull(this.#types.aliased(type));
  }
}

const text: Type = { kind: "scalar", scalar: "string" };

function isScalars(type: Type): boolean {
  return type.kind === "list" && type.items.kind === "scalar";
}

/** The two sides of a choice. */
function choose(yes: Layout, no: Layout): Layout {
  return indent([line, "? ", indent(yes), line, ": ", indent(no)]);
}
