import type { Code, CodeKeywordDefinition, KeywordCxt } from "ajv/dist/core.js";
import { formats, isFormat } from "../formats.js";
import type { CodeTools } from "./keywords.js";
import type { Fields, JsonSchema } from "./schema.js";

/**
 * The keyword `fields`: an object with its fields, as `type`, `required`, `properties` and `additionalProperties` say it
 * together. With those ajv takes more than a millisecond for each method, and most arguments are plain: what is plain is
 * printed here as text, and ajv prints the rest.
 */
export function fieldsKeyword(tools: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "fields",
    schemaType: "object",
    code(cxt) {
      const { gen, it } = cxt;
      const data = String(cxt.data);
      const base = String(tools.str`${tools._`instancePath`}${it.errorPath}`);
      const printer = new Printer(cxt, tools);
      // Written by schema.ts.
      const { properties, required, closed } = cxt.schema as Fields;
      const inside = (): void => {
        if (required.length > 0) {
          printer.print(requiredText(data, base, required));
        }
        if (closed) {
          printer.print(closedText(data, base, Object.keys(properties)));
        }
        for (const [name, schema] of Object.entries(properties)) {
          const access = `${data}${tools.getProperty(name)}`;
          const plain = printer.plain(access, concat(base, pathText(name)), schema);
          if (plain === undefined) {
            printer.other(name, schema);
          } else if (plain !== "") {
            printer.print(`if(${access} !== undefined){${plain}}`);
          }
        }
      };
      const isWrong = (): void => printer.print(errorText(base, "type", '{type:"object"}', '"must be object"'));
      gen.if(printer.code(objectTest(data)), inside, isWrong);
    },
  };
}

class Printer {
  readonly #cxt: KeywordCxt;
  readonly #tools: CodeTools;

  constructor(cxt: KeywordCxt, tools: CodeTools) {
    this.#cxt = cxt;
    this.#tools = tools;
  }

  code(text: string): Code {
    return new this.#tools._Code(text);
  }

  print(text: string): void {
    // ajv puts the last semicolon.
    this.#cxt.gen.code(this.code(text.replace(/;$/, "")));
  }

  /** Leaves a field to ajv. */
  other(name: string, schema: JsonSchema): void {
    const { _, getProperty } = this.#tools;
    const { gen, data, it } = this.#cxt;
    const property = getProperty(name);
    gen.if(_`${data}${property} !== undefined`, () => {
      const place = {
        schema,
        schemaPath: _`${it.schemaPath}.fields.properties${property}`,
        errSchemaPath: it.errSchemaPath,
        topSchemaRef: it.topSchemaRef,
        dataProp: name,
      };
      this.#cxt.subschema(place, gen.name("valid"));
    });
  }

  /** The statements that check a plain schema; undefined where the schema is not plain. */
  plain(data: string, path: string, schema: JsonSchema): string | undefined {
    const { type, format, items, additionalProperties, orNull, safeInteger, bigint, $ref, ...others } = schema;
    if (Object.keys(others).length > 0) {
      return undefined;
    }
    if (typeof $ref === "string") {
      return this.#refText(data, path, $ref);
    }
    if (isSchema(orNull)) {
      const inner = this.plain(data, path, orNull);
      return inner === undefined || inner === "" ? inner : `if(${data} !== null){${inner}}`;
    }
    if (safeInteger === true) {
      return wrongIf(`!Number.isSafeInteger(${data})`, path, "safeInteger", "{}", integerMessage(data));
    }
    if (bigint === true) {
      return wrongIf(`typeof ${data} != "bigint"`, path, "bigint", "{}", JSON.stringify(bigintMessage));
    }
    switch (type) {
      case undefined:
        return items === undefined && additionalProperties === undefined ? "" : undefined;
      case "string":
        return `${this.#typeText(data, path, type)}${this.#formatText(data, path, format)}`;
      case "number":
      case "boolean":
        return this.#typeText(data, path, type);
      case "array":
        return isSchema(items) ? this.#listText(data, path, items) : undefined;
      case "object":
        return isSchema(additionalProperties) ? this.#mapText(data, path, additionalProperties) : undefined;
      default:
        return undefined;
    }
  }

  #typeText(data: string, path: string, type: string): string {
    return wrongIf(`typeof ${data} != "${type}"`, path, "type", `{type:"${type}"}`, `"must be ${type}"`);
  }

  #formatText(data: string, path: string, format: unknown): string {
    if (typeof format !== "string" || !isFormat(format)) {
      return "";
    }
    const { gen } = this.#cxt;
    const expression = formats[format];
    const code = this.#tools.regexpCode(expression);
    const value = gen.scopeValue("formats", { key: format, ref: expression, code });
    const name = JSON.stringify(format);
    return `else ${wrongIf(`!${value}.test(${data})`, path, "format", `{format:${name}}`, JSON.stringify(`must match format ${name}`))}`;
  }

  /** A call of another function, which ajv prints first where it has not yet. */
  #refText(data: string, path: string, ref: string): string {
    const { it } = this.#cxt;
    const schema = this.#tools.resolveRef.call(it.self, it.schemaEnv.root, it.baseId, ref);
    if (!(schema instanceof this.#tools.SchemaEnv)) {
      throw new Error(`the schema ${ref} is missing`);
    }
    const validate = String(this.#tools.getValidate(this.#cxt, schema));
    const add = `vErrors = vErrors === null ? ${validate}.errors : vErrors.concat(${validate}.errors);`;
    return `if(!${validate}(${data}, {instancePath:${path}})){${add}errors = vErrors.length;}`;
  }

  #listText(data: string, path: string, items: JsonSchema): string | undefined {
    const index = String(this.#cxt.gen.name("i"));
    const inner = this.plain(`${data}[${index}]`, concat(path, `"/"+${index}`), items);
    const wrong = wrongIf(`!Array.isArray(${data})`, path, "type", '{type:"array"}', '"must be array"');
    const loop = `else for(let ${index}=0; ${index}<${data}.length; ${index}++){${inner}}`;
    return inner === undefined ? undefined : `${wrong}${inner === "" ? "" : loop}`;
  }

  #mapText(data: string, path: string, values: JsonSchema): string | undefined {
    const key = String(this.#cxt.gen.name("key"));
    const step = `"/"+${key}.replace(/~/g, "~0").replace(/\\//g, "~1")`;
    const inner = this.plain(`${data}[${key}]`, concat(path, step), values);
    const wrong = wrongIf(`!(${objectTest(data)})`, path, "type", '{type:"object"}', '"must be object"');
    const loop = `else for(const ${key} in ${data}){${inner}}`;
    return inner === undefined ? undefined : `${wrong}${inner === "" ? "" : loop}`;
  }
}

/** The message of an integer that is none, or none that a JavaScript number holds. */
export function integerMessage(data: string): string {
  // The runtime reads integers beyond 2^53 - 1 as bigints.
  const tooBig = '"must be a safe integer; declare bigint for larger values"';
  return `typeof ${data} == "bigint" || Number.isInteger(${data}) ? ${tooBig} : "must be an integer"`;
}

export const bigintMessage = "must be an integer (a bigint)";

function requiredText(data: string, base: string, names: readonly string[]): string {
  const wrong = wrongIf(
    `${data}[name] === undefined`,
    base,
    "required",
    "{missingProperty:name}",
    `"must have required property '"+name+"'"`,
  );
  return `for(const name of ${JSON.stringify(names)}){${wrong}}`;
}

function closedText(data: string, base: string, names: readonly string[]): string {
  const isOther = names.map((name) => `name !== ${JSON.stringify(name)}`).join(" && ");
  const error = errorText(
    base,
    "additionalProperties",
    "{additionalProperty:name}",
    '"must NOT have additional properties"',
  );
  return `for(const name in ${data}){${isOther === "" ? "" : `if(${isOther})`}${error}}`;
}

function objectTest(data: string): string {
  return `${data} && typeof ${data} == "object" && !Array.isArray(${data})`;
}

function wrongIf(condition: string, path: string, keyword: string, params: string, message: string): string {
  return `if(${condition})${errorText(path, keyword, params, message)}`;
}

function errorText(path: string, keyword: string, params: string, message: string): string {
  return `(vErrors ??= []).push({instancePath:${path},keyword:"${keyword}",params:${params},message:${message}}),errors++;`;
}

/** A step of a JSON pointer as a literal. */
function pathText(name: string): string {
  return JSON.stringify(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}

/** Two expressions of text as one; literals side by side become one literal. */
function concat(left: string, right: string): string {
  return `${left}+${right}`.replace('"+"', "");
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
