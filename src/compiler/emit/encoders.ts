import type { Field, Method, NamedType, Scalar, Service, Type } from "../model.js";
import { inInterval } from "../versions.js";
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

/** Names which every object has: whether a value has a field of that name cannot be told by reading it. */
const inherited: ReadonlySet<string> = new Set(["toJSON", ...Object.getOwnPropertyNames(Object.prototype)]);

/** What is printed of a field. */
type Member = Pick<Field, "name" | "type">;

class Encoders {
  readonly #service: Service;
  readonly #descriptor: string;
  readonly #types: ReadonlyMap<string, NamedType>;
  readonly #sealed: ReadonlySet<string>;
  /** The tags that types have as variants of unions. */
  readonly #tags: ReadonlyMap<string, readonly string[]>;
  /** Types whose functions are called. */
  readonly #called = new Set<string>();
  readonly #sealers: string[] = [];
  readonly #helpers = new Set<string>();
  readonly #mentioned = new Set<string>();

  constructor(service: Service, descriptor: string) {
    this.#service = service;
    this.#descriptor = descriptor;
    this.#types = new Map(service.types.map((type) => [type.name, type]));
    this.#sealed = sealedTypes(service.types);
    this.#tags = tagsOf(service.types);
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
        this.#pays(type),
    );
    const { type } = method.returns;
    const entries: (readonly [string, Layout])[] = [];
    if (params.length > 0) {
      entries.push(["params", objectLayout(params.map((param) => [param.name, this.#function(param.type)]))]);
    }
    if (!returnsNothing(method) && this.#pays(type)) entries.push(["result", this.#function(type)]);
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

  /** Whether an encoder of the type is faster than printing the general way. */
  #pays(type: Type, around: readonly Type[] = []): boolean {
    const base = this.#base(type);
    // A collection of itself holds nothing else.
    if (around.includes(base)) return false;
    switch (base.kind) {
      case "scalar":
        return base.scalar !== "any" && base.scalar !== "none";
      case "list":
        return this.#pays(base.items, [...around, base]);
      case "map":
        return this.#pays(base.values, [...around, base]);
      case "ref":
        return !this.#isUnknown(base.name);
      default:
        return false;
    }
  }

  /** A function which prints the type, as an expression. */
  #function(type: Type): Layout {
    const name = this.#name(type);
    if (name !== undefined) return name;
    for (const each of namesIn(type)) this.#mentioned.add(each);
    return [`(value: ${typeText(type)}) =>`, group(this.#arrowBody(type, "value"))];
  }

  /** A formatter puts parentheses around a choice, but on a line of its own. */
  #arrowBody(type: Type, subject: string): Layout {
    const body = this.#call(type, subject);
    const isChoice = this.#isChoice(type);
    return indent([line, isChoice ? choice("", "(") : "", body, isChoice ? choice("", ")") : ""]);
  }

  /** A helper's call for each item of a collection. */
  #each(helper: string, subject: string, items: Type): Layout {
    const name = this.#name(items);
    if (name !== undefined) return [this.#helper(helper), list("(", [subject, name], ")")];
    const start = `${this.#helper(helper)}(${subject}, (item) =>`;
    return group([start, this.#arrowBody(items, "item"), trailingComma, softline, ")"]);
  }

  /** The function which prints the type, where it has a name. */
  #name(type: Type): string | undefined {
    switch (type.kind) {
      case "scalar":
        return this.#helper(scalarHelpers[type.scalar]);
      case "schema":
        return this.#helper("anyText");
      case "ref": {
        const named = this.#types.get(type.name);
        if (named === undefined) return this.#helper("anyText");
        if (named.kind === "enum") return this.#helper("stringText");
        if (named.kind === "alias" && !isCollection(this.#base(named.type))) return this.#name(named.type);
        if (named.kind === "object" && this.#isUnknown(named.name)) return this.#unfit(named.name);
        this.#called.add(named.name);
        return `encode${named.name}`;
      }
      default:
        return undefined;
    }
  }

  /** An expression which prints a subject of the type. */
  #call(type: Type, subject: string): Layout {
    const name = this.#name(type);
    if (name !== undefined) return [name, list("(", [subject], ")")];
    switch (type.kind) {
      case "list":
        return this.#each("listText", subject, type.items);
      case "map":
        return this.#each("mapText", subject, type.values);
      case "nullable":
        return group([`${subject} === null`, choose('"null"', this.#call(this.#notNull(type.type), subject))]);
      case "ref":
        // An alias of what may be null.
        return this.#call(this.#aliased(type), subject);
      default:
        return [this.#helper("anyText"), list("(", [subject], ")")];
    }
  }

  #declaration(type: NamedType): string {
    this.#mentioned.add(type.name);
    const tags = (this.#tags.get(type.name) ?? []).map((tag) => ` & { ${memberName(tag)}?: string }`);
    const start = [
      `function encode${type.name}`,
      list("(", [`value: ${type.name}${tags.join("")}`], ")"),
      ": string {",
    ];
    const body = this.#body(type).map((each) => `\n  ${print(each, 1)}`);
    return `${print(start)}${body.join("")}\n}`;
  }

  #body(type: NamedType): readonly Layout[] {
    switch (type.kind) {
      case "object":
        return this.#objectBody(type);
      case "union": {
        const known = type.variants.filter((variant) => !this.#isUnknown(variant.type));
        const cases = known.flatMap(({ value, type: variant }): readonly Layout[] => [
          `  case ${stringLiteral(value)}:`,
          [`    return `, this.#call({ kind: "ref", name: variant }, "value"), ";"],
        ]);
        const tag = `value${memberAccess(type.tag)}`;
        return [`switch (${tag}) {`, ...cases, "  default:", `    return ${this.#unfit(type.name)}(value);`, "}"];
      }
      case "alias":
        return [["return ", this.#call(type.type, "value"), ";"]];
      case "enum":
        return [];
    }
  }

  /** What is always there comes first, so that only the first of what may be absent can be without a comma. */
  #objectBody(type: NamedType & { readonly kind: "object" }): readonly Layout[] {
    const unfit = this.#unfit(type.name);
    const required = type.fields.filter(({ optional }) => !optional);
    const tags = (this.#tags.get(type.name) ?? []).map(
      (name): Member => ({ name, type: { kind: "scalar", scalar: "string" } }),
    );
    const optional: readonly Member[] = [...tags, ...type.fields.filter((field) => field.optional)];
    const [first, ...others] = required;
    const start = first === undefined ? '"{"' : `\`{${this.#member(first)}\``;
    const isOne = required.length + optional.length === 1 && first !== undefined;
    const count = optional.length === 0 ? `${required.length}` : "count";
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the generated code has the template
    const whole = "`${text}}`";
    const fits = type.object === undefined ? whole : `${this.#sealer(type.name)}(value, ${whole})`;
    return [
      `if (!${this.#helper("isPlain")}(value)) return ${unfit}(value);`,
      `${isOne ? "const" : "let"} text = ${start};`,
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
      ["return ", group([`${this.#helper("hasFields")}(value, ${count})`, choose(fits, `${unfit}(value)`), ";"])],
    ];
  }

  /** The text of a field inside a template literal, where formatters break no lines. */
  #member({ name, type }: Member): string {
    const text = print(this.#call(type, `value${memberAccess(name)}`), 0, Number.POSITIVE_INFINITY);
    return `${escapedKey(name)}:\${${text}}`;
  }

  /** The helper for what does not fit a type. */
  #unfit(name: string): string {
    return this.#helper(this.#sealed.has(name) ? "unfitText" : "anyText");
  }

  #sealer(name: string): string {
    this.#helper("sealer");
    const object = `${this.#descriptor}.codecs.${name}.object`;
    this.#sealers.push(print([`const seal${name} = sealer`, list("(", [object], ")"), ";"]));
    return `seal${name}`;
  }

  #helper(name: string): string {
    this.#helpers.add(name);
    return name;
  }

  /** Whether nothing is known of an object but that it is one, or too little to tell its fields apart. */
  #isUnknown(name: string): boolean {
    const type = this.#types.get(name);
    if (type === undefined) return true;
    return (
      type.kind === "object" && (type.fields.length === 0 || type.fields.some((field) => inherited.has(field.name)))
    );
  }

  /** Whether the type is printed by a choice: it may be null, and has no function of its own. */
  #isChoice(type: Type): boolean {
    if (type.kind !== "ref") return type.kind === "nullable";
    return this.#name(type) === undefined && this.#isChoice(this.#aliased(type));
  }

  /** The type behind aliases and `?`. */
  #base(type: Type): Type {
    let at = type;
    for (;;) {
      if (at.kind === "nullable") at = at.type;
      else if (at.kind !== "ref") return at;
      else {
        const aliased = this.#aliased(at);
        if (aliased === at) return at;
        at = aliased;
      }
    }
  }

  #aliased(type: Type & { readonly kind: "ref" }): Type {
    const named = this.#types.get(type.name);
    return named?.kind === "alias" ? named.type : type;
  }

  /** Without a `?` of its own: what is not null is not asked a second time. */
  #notNull(type: Type): Type {
    if (type.kind === "nullable") return this.#notNull(type.type);
    const isInline = type.kind === "ref" && !isCollection(this.#base(type));
    const aliased = isInline ? this.#aliased(type) : type;
    return aliased === type ? type : this.#notNull(aliased);
  }
}

/** The two sides of a choice. */
function choose(yes: Layout, no: Layout): Layout {
  return indent([line, "? ", indent(yes), line, ": ", indent(no)]);
}

function isCollection({ kind }: Type): boolean {
  return kind === "list" || kind === "map";
}

/** The tags that types have as variants of unions, by name. No variant declares its tag. */
function tagsOf(types: readonly NamedType[]): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  for (const union of types) {
    if (union.kind !== "union") continue;
    for (const { type } of union.variants) {
      const known = tags.get(type) ?? [];
      if (!known.includes(union.tag)) tags.set(type, [...known, union.tag]);
    }
  }
  return tags;
}

/** Types with a versioned object at any depth. They may refer to each other in circles, so the set grows until nothing is added. */
function sealedTypes(types: readonly NamedType[]): ReadonlySet<string> {
  const found = new Set<string>();
  const isSealed = (type: Type): boolean => namesIn(type).some((name) => found.has(name));
  const namedIsSealed = (type: NamedType): boolean => {
    switch (type.kind) {
      case "object":
        return type.object !== undefined || type.fields.some((field) => isSealed(field.type));
      case "union":
        return type.variants.some((variant) => found.has(variant.type));
      case "alias":
        return isSealed(type.type);
      case "enum":
        return false;
    }
  };
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const type of types.filter(namedIsSealed)) found.add(type.name);
  }
  return found;
}
