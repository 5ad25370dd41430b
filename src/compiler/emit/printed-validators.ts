import { isFormat } from "../formats.js";
import type { Fields, JsonSchema, ServiceSchemas } from "./schema.js";
import {
  type BigintLimit,
  bigintCode,
  bigintRules,
  concat,
  equalCode,
  errorText,
  type Family,
  families,
  formatCode,
  integerMessage,
  joinCode,
  lengthCode,
  limits,
  mostErrors,
  objectTest,
  type Place,
  pathText,
  quoted,
  twinsCode,
  wrongIf,
  wrongType,
} from "./validator-texts.js";

/** Functions of a service's validators, and which of them is which method's. */
export interface PrintedValidators {
  /** Values, then functions; they need nothing from elsewhere. */
  readonly code: string;
  /** By the method's wire name. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Prints a validating function for the arguments of each method, and one for each type in them. A function finds
 * mistakes in the order and the words in which ajv would, as many as `mostErrors`. Peers choose what it looks at, so its
 * time grows with the size of the value and no faster. Of all schemas only raw ones take ajv itself, which needs 60 ms to
 * load and to get going, a fifth of a run.
 *
 * @param printRaw gives the text of a list of functions, one for each of these raw schemas
 */
export function printValidators(
  { shared, methods }: ServiceSchemas,
  printRaw: (schemas: readonly JsonSchema[]) => string,
): PrintedValidators {
  const printer = new Printer(shared);
  const names = new Map([...methods].map(([name, schema]) => [name, printer.functionOf(schema)]));
  return { code: printer.text(printRaw), names };
}

/** As many values are looked for in a list; fewer are compared one by one, which is faster. */
const manyValues = 200;

class Printer {
  readonly #shared: ReadonlyMap<string, JsonSchema>;
  readonly #names = new Map<JsonSchema, string>();
  readonly #functions = new Map<string, string>();
  /** Names of constants by their text, `const ` and all, and how many there are of a kind. */
  readonly #values = new Map<string, string>();
  readonly #valueCounts = new Map<string, number>();
  readonly #raw: JsonSchema[] = [];

  constructor(shared: ReadonlyMap<string, JsonSchema>) {
    this.#shared = shared;
  }

  /** The name of the function that validates a schema; it is printed if it has not been yet. */
  functionOf(schema: JsonSchema): string {
    const known = this.#names.get(schema);
    if (known !== undefined) return known;
    const name = `validate${this.#names.size}`;
    this.#names.set(schema, name);
    // It stands before what it uses, which may be itself.
    this.#functions.set(name, "");
    const body = this.#statements({ data: "data", path: "instancePath", within: { items: 0, keys: 0 } }, schema);
    this.#functions.set(
      name,
      [
        // `errors` is what the caller has found so far: the same list goes through all functions.
        `function ${name}(data, {instancePath="", errors=null}={}){`,
        ...body,
        `${name}.errors = errors;`,
        "return errors === null;",
        "}",
      ].join("\n"),
    );
    return name;
  }

  text(printRaw: (schemas: readonly JsonSchema[]) => string): string {
    const raw = this.#raw.length === 0 ? [] : [`const raw = ${printRaw(this.#raw)};`];
    const values = [...this.#values].map(([code, name]) => `const ${name} = ${code};`);
    return [...values, ...raw, ...this.#functions.values()].join("\n\n");
  }

  /** What finds the mistakes in a value, statement by statement. The order is ajv's, which callers have come to see. */
  #statements(place: Place, schema: JsonSchema): string[] {
    const { type } = schema;
    const typed = families.map((family) => {
      const { test, words } = family;
      const rules = this.#rulesOf(family.type, place, schema);
      // ajv looks at a type together with its rules, and before everything else where it has none.
      const isOwn = family.type === type && (rules.length > 0 || words.some((word) => schema[word] !== undefined));
      if (!isOwn) return { isOwn, text: rules.length === 0 ? "" : `if(${test(place.data)}){${rules.join("")}}` };
      const otherwise = rules.length === 0 ? "" : `else ${rules.length === 1 ? rules.join("") : `{${rules.join("")}}`}`;
      return { isOwn, text: `${wrongType(place, family.type)}${otherwise}` };
    });
    const isApart = typeof type === "string" && !typed.some(({ isOwn }) => isOwn);
    return [
      ...(isApart ? [wrongType(place, type)] : []),
      ...this.#untyped(place, schema),
      ...typed.map(({ text }) => text).filter((text) => text !== ""),
    ];
  }

  /** Statements of keywords that say by themselves for what they are. */
  #untyped(place: Place, schema: JsonSchema): string[] {
    const { $ref, enum: values, fields, safeInteger, bigint, bigintLimits, bigintEnum, orNull } = schema;
    const { uniqueScalars, union, unionTag } = schema;
    const { data } = place;
    const statements: string[] = [];
    if (typeof $ref === "string") statements.push(this.#call(place, $ref));
    if (Array.isArray(values)) statements.push(this.#enum(place, values));
    if (fields !== undefined) statements.push(...this.#fields(place, fields as Fields));
    if (safeInteger === true) {
      statements.push(wrongIf(`!Number.isSafeInteger(${data})`, place, "safeInteger", "{}", integerMessage(data)));
    }
    if (bigint === true) {
      statements.push(wrongIf(`typeof ${data} != "bigint"`, place, "bigint", "{}", '"must be an integer (a bigint)"'));
    }
    if (Array.isArray(bigintLimits)) {
      for (const [word, limit] of bigintLimits as readonly BigintLimit[]) {
        const { fails, relation } = bigintRules[word];
        const condition = `typeof ${data} == "bigint" && ${fails(data, limit)}`;
        statements.push(wrongIf(condition, place, "bigintLimits", "{}", quoted(`must be ${relation} ${limit}`)));
      }
    }
    if (Array.isArray(bigintEnum)) {
      const condition = bigintEnum.map((value) => `${data} !== ${bigintCode(String(value))}`).join(" && ");
      const message = quoted(`must be one of ${bigintEnum.join(", ")}`);
      statements.push(wrongIf(condition, place, "bigintEnum", "{}", message));
    }
    if (isSchema(orNull)) {
      const inner = this.#statements(place, orNull).join("");
      if (inner !== "") statements.push(`if(${data} !== null){${inner}}`);
    }
    if (uniqueScalars === true) {
      const condition = `Array.isArray(${data}) && new Set(${data}).size !== ${data}.length`;
      statements.push(wrongIf(condition, place, "uniqueScalars", "{}", '"must not have an item twice"'));
    }
    if (isSchema(union)) statements.push(...this.#union(place, String(unionTag), union));
    return statements;
  }

  /** Statements that are only for values of a type. */
  #rulesOf(type: Family["type"], place: Place, schema: JsonSchema): string[] {
    const { data } = place;
    const { format, pattern, items, additionalProperties } = schema;
    const statements = limits
      .filter((limit) => limit.type === type && typeof schema[limit.keyword] === "number")
      .map(({ keyword, fails, params, message }) => {
        const put = (text: string): string => text.replaceAll("#", String(schema[keyword]));
        const length = keyword.endsWith("Length") ? this.#value("func", lengthCode) : "";
        return wrongIf(put(fails(data, length)), place, keyword, put(params), quoted(put(message)));
      });
    if (type === "string" && typeof pattern === "string") {
      const name = this.#value("pattern", `new RegExp(${quoted(pattern)}, "u")`);
      const message = quoted(`must match pattern "${pattern}"`);
      statements.push(wrongIf(`!${name}.test(${data})`, place, "pattern", `{pattern:${quoted(pattern)}}`, message));
    }
    if (type === "string" && typeof format === "string" && isFormat(format)) {
      const name = this.#value("formats", formatCode(format));
      const message = quoted(`must match format "${format}"`);
      statements.push(wrongIf(`!${name}.test(${data})`, place, "format", `{format:"${format}"}`, message));
    }
    if (type === "array" && isSchema(items)) statements.push(...this.#items(place, items));
    if (type === "array" && schema["uniqueItems"] === true) statements.push(this.#twins(place));
    if (type === "object" && isSchema(additionalProperties))
      statements.push(...this.#entries(place, additionalProperties));
    return statements;
  }

  #fields(place: Place, { properties, required, closed }: Fields): string[] {
    const { data, path } = place;
    const statements: string[] = [];
    if (required.length > 0) {
      const message = `"must have required property '"+name+"'"`;
      const isOwn = required.some(isInherited) ? `!Object.hasOwn(${data}, name) || ` : "";
      const isMissing = `${isOwn}${data}[name] === undefined`;
      const wrong = wrongIf(isMissing, place, "required", "{missingProperty:name}", message);
      statements.push(`for(const name of ${JSON.stringify(required)}){${wrong}}`);
    }
    if (closed) {
      const other = Object.keys(properties).map((name) => `name !== ${JSON.stringify(name)}`);
      const message = '"must NOT have additional properties"';
      const error = errorText(path, "additionalProperties", "{additionalProperty:name}", message);
      const check = other.length === 0 ? error : `if(${other.join(" && ")})${error}`;
      statements.push(`for(const name in ${data}){${check}}`);
    }
    for (const [name, schema] of Object.entries(properties)) {
      const access = /^[A-Za-z_$][\w$]*$/.test(name) ? `${data}.${name}` : `${data}[${quoted(name)}]`;
      const inner = this.#statements({ ...place, data: access, path: concat(path, pathText(name)) }, schema).join("");
      const isOwn = isInherited(name) ? `Object.hasOwn(${data}, ${quoted(name)}) && ` : "";
      if (inner !== "") statements.push(`if(${isOwn}${access} !== undefined){${inner}}`);
    }
    const isWrong = errorText(path, "type", '{type:"object"}', '"must be object"');
    return [`if(${objectTest(data)}){`, ...statements, "}", "else {", isWrong, "}"];
  }

  /** A discriminated union: the schema of each value of the tag. */
  #union(place: Place, tag: string, variants: JsonSchema): string[] {
    const names = Object.keys(variants);
    const wrong = (expected: string): string => errorText(place.path, "union", "{}", quoted(`must be ${expected}`));
    const cases = Object.entries(variants).map(([value, schema]) => {
      const inner = isSchema(schema) ? this.#statements(place, schema).join("") : "";
      return `if(tag === ${quoted(value)}){${inner}}\nelse `;
    });
    return [
      `if(${objectTest(place.data)}){`,
      `const tag = ${place.data}[${quoted(tag)}];`,
      `${cases.join("")}{`,
      wrong(`an object whose "${tag}" is one of ${names.join(", ")}`),
      "}",
      "}",
      "else {",
      wrong("object"),
      "}",
    ];
  }

  /** A call of another function. */
  #call({ data, path }: Place, ref: string): string {
    const schema = this.#shared.get(ref);
    if (schema === undefined) throw new Error(`the schema ${ref} is missing`);
    if (isRaw(ref)) {
      const name = `raw[${this.#rawIndex(schema)}]`;
      const add = this.#value("func", joinCode(mostErrors));
      return `if(!${name}(${data}, {instancePath:${path}}))errors = ${add}(errors, ${name}.errors);`;
    }
    const name = this.functionOf(schema);
    // At once: a type that contains itself calls its function again.
    return `${name}(${data}, {instancePath:${path},errors});errors = ${name}.errors;`;
  }

  #rawIndex(schema: JsonSchema): number {
    const index = this.#raw.indexOf(schema);
    return index === -1 ? this.#raw.push(schema) - 1 : index;
  }

  #enum(place: Place, values: readonly unknown[]): string {
    const { data } = place;
    const name = this.#value("values", quoted(values));
    const isPlain = values.every((value) => typeof value !== "object" || value === null);
    const condition = !isPlain
      ? `!${name}.some((value) => ${this.#value("func", equalCode)}(${data}, value))`
      : values.length > manyValues
        ? `!${name}.includes(${data})`
        : values.map((value) => `${data} !== ${quoted(value)}`).join(" && ");
    const message = '"must be equal to one of the allowed values"';
    return wrongIf(condition, place, "enum", `{allowedValues:${name}}`, message);
  }

  /** Items that are the same. */
  #twins(place: Place): string {
    const twins = this.#value("func", twinsCode);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template
    const message = "`must NOT have duplicate items (items ## ${twins.j} and ${twins.i} are identical)`";
    const error = errorText(place.path, "uniqueItems", "twins", message);
    return `{const twins = ${twins}(${place.data});if(twins)${error}}`;
  }

  #items({ data, path, within }: Place, items: JsonSchema): string[] {
    const index = `i${within.items++}`;
    const place = { data: `${data}[${index}]`, path: concat(path, `"/"+${index}`), within };
    const inner = this.#statements(place, items).join("");
    return inner === "" ? [] : [`for(let ${index}=0; ${index}<${data}.length; ${index}++){${inner}}`];
  }

  #entries({ data, path, within }: Place, values: JsonSchema): string[] {
    const key = `key${within.keys++}`;
    const step = `"/"+${key}.replace(/~/g, "~0").replace(/\\//g, "~1")`;
    const inner = this.#statements({ data: `${data}[${key}]`, path: concat(path, step), within }, values).join("");
    return inner === "" ? [] : [`for(const ${key} in ${data}){${inner}}`];
  }

  /** The name of a constant, one for the same text. */
  #value(kind: string, code: string): string {
    const known = this.#values.get(code);
    if (known !== undefined) return known;
    const count = this.#valueCounts.get(kind) ?? 0;
    this.#valueCounts.set(kind, count + 1);
    const name = `${kind}${count}`;
    this.#values.set(code, name);
    return name;
  }
}

/** Whether every object has a property of that name, also where a peer sent none. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Whether a shared schema is one that a definition has as it is. No type has a name with a dash. */
function isRaw(name: string): boolean {
  return name.startsWith("schema-");
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
