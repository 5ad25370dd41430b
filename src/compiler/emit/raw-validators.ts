import { createRequire } from "node:module";
import type { Ajv as AjvCore } from "ajv";
import type { ValueScopeName } from "ajv/dist/compile/codegen/index.js";
import type { SchemaEnv } from "ajv/dist/compile/index.js";
import type { SourceCode } from "ajv/dist/types/index.js";
import { formats } from "../formats.js";
import type { JsonSchema } from "./schema.js";
import { equalCode, formatCode, joinCode, lengthCode, twinsCode } from "./validator-texts.js";

/** Prints a list of validating functions, one for each raw schema, as one expression that needs nothing from elsewhere. */
export function rawValidators(schemas: readonly JsonSchema[]): string {
  const ajv = createAjv();
  const printer = new Printer();
  const names = schemas.map((schema) => {
    const { source } = ajv.compile(schema);
    if (source === undefined) {
      throw new Error("ajv printed no validator of a raw schema");
    }
    return printer.add(source);
  });
  const text = printer.text();
  const used = [...tools].filter(([name]) => uses(text, name)).map(([name, code]) => `const ${name} = ${code};`);
  // Its names are its own.
  return `(() => {\n${[...used, text].join("\n\n")}\n\nreturn [${names.join(", ")}];\n})()`;
}

/** Loaded late: few definitions have raw schemas, and ajv takes 30 ms to load. */
function createAjv(): AjvCore {
  const require = createRequire(import.meta.url);
  // require knows no types. The core has no vocabularies and no meta-schemas.
  const { default: Core } = require("ajv/dist/core") as { readonly default: typeof AjvCore };
  const { default: vocabularies } = require("ajv/dist/vocabularies/draft7") as {
    readonly default: readonly Parameters<AjvCore["addVocabulary"]>[0][];
  };
  const ajv = new Core({
    allErrors: true,
    // The front end has checked what users write.
    validateSchema: false,
    strict: false,
    strictNumbers: false,
    logger: false,
    formats,
    inlineRefs: false,
    code: {
      source: true,
      lines: true,
      // Only the source is wanted: what ajv would evaluate does nothing.
      process: () => "return () => true",
    },
  });
  for (const vocabulary of vocabularies) {
    ajv.addVocabulary(vocabulary);
  }
  return ajv;
}

/** Collects functions and the values they use, each once. Source: ajv's own standalone code, which prints `require`. */
class Printer {
  readonly #values = new Map<string, string>();
  readonly #functions = new Map<string, string>();

  /** Adds a function and all that it uses, and returns its name. */
  add({ validateName, validateCode, scopeValues }: SourceCode): string {
    const name = String(validateName);
    if (this.#functions.has(name)) {
      return name;
    }
    const code = tidy(validateCode);
    // Before what it uses, which may be itself.
    this.#functions.set(name, code);
    for (const values of Object.values(scopeValues)) {
      for (const value of values ?? []) {
        if (uses(code, String(value))) {
          this.#addValue(value);
        }
      }
    }
    return name;
  }

  text(): string {
    return [...this.#values.values(), ...this.#functions.values()].join("\n\n");
  }

  #addValue(name: ValueScopeName): void {
    const { value } = name;
    if (value === undefined) {
      return;
    }
    if (name.prefix === "validate") {
      // ajv keeps a function's source beside it.
      const { source } = value.ref as { readonly source?: SourceCode };
      if (source !== undefined) {
        this.add(source);
      }
    } else if (name.prefix === "root" || name.prefix === "wrapper") {
      this.#addRecursive(String(name), value.ref as SchemaEnv);
    } else {
      this.#values.set(String(name), `const ${name} = ${helpers.get(String(value.code)) ?? value.code};`);
    }
  }

  /** A type that contains itself is called through an object, since ajv had no function yet when it printed the call. */
  #addRecursive(name: string, { validate, validateName }: SchemaEnv): void {
    this.#values.set(name, `const ${name} = { validate: ${validateName} };`);
    if (validate?.source !== undefined) {
      this.add(validate.source);
    }
  }
}

/** What ajv would import at run time, as functions of our own, and a format that we test in another way. */
const helpers: ReadonlyMap<string, string> = new Map([
  ['require("ajv/dist/runtime/ucs2length").default', lengthCode],
  ['require("ajv/dist/runtime/equal").default', equalCode],
  [String(formats.byte), formatCode("byte")],
]);

/** What `tidy` calls. ajv's names end in digits. */
const tools: ReadonlyMap<string, string> = new Map([
  ["join", joinCode()],
  ["twins", twinsCode],
]);

/** Without what nobody reads, and with one statement for what ajv writes in eight lines. */
function tidy(code: string): string {
  return (
    code
      // A text of a definition may look like code, so each is passed as a whole. ajv writes all of them in double quotes.
      .replace(/schemaPath:"(?:[^"\\]|\\.)*",|"(?:[^"\\]|\\.)*"(?:\+"(?:[^"\\]|\\.)*")*/g, (found) =>
        found.startsWith('"') ? joinLiterals(found) : "",
      )
      .replace(
        /^const (err\d+) = (\{.*\});\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}/gm,
        "(vErrors ??= []).push($2);",
      )
      .replace(/^vErrors = vErrors === null \? ([\w.]+) : vErrors\.concat\(\1\);$/gm, "vErrors = join(vErrors, $1);")
      // ajv compares each item with each other; the braces are those of its two loops and its condition.
      .replace(
        /^(outer\d+):\nfor\(;(i\d+)--;\)\{\nfor\((j\d+) = \2; \3--;\)\{\nif\(\w+\((\w+)\[\2\], \4\[\3\]\)\)\{$/gm,
        "$1:\nfor(const found of [twins($4)]){\n{\nif(found !== undefined){\n$2 = found.i;\n$3 = found.j;",
      )
      .trim()
  );
}

/** Literals side by side as one. */
function joinLiterals(literals: string): string {
  const texts = literals.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return `"${texts.map((text) => text.slice(1, -1)).join("")}"`;
}

/** Whether the code mentions the name; ajv lists values that its optimizer then removed. */
function uses(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code);
}
