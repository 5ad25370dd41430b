import { createRequire } from "node:module";
import type { Ajv as AjvCore } from "ajv";
import type { ValueScopeName } from "ajv/dist/compile/codegen/index.js";
import type { SchemaEnv } from "ajv/dist/compile/index.js";
import type { SourceCode } from "ajv/dist/types/index.js";
import { formats } from "../formats.js";
import type { Service } from "../model.js";
import { type CodeTools, keywordsOf } from "./keywords.js";
import { memberName } from "./literal.js";
import { schemasOf } from "./schema.js";

/** What the template of validators.ts prints. */
export interface ValidatorsCode {
  /** Functions that need nothing from elsewhere. */
  readonly code: string;
  /** Entries of the exported table: `get_console_output: validate10,`. */
  readonly methods: readonly string[];
}

/** Prints a validating function for the arguments of each method, and one for each type in them. */
export function validatorsOf(service: Service): ValidatorsCode {
  const { shared, methods } = schemasOf(service);
  const ajv = createAjv();
  for (const [name, schema] of shared) {
    ajv.addSchema(schema, name);
  }
  const printer = new Printer();
  const entries = [...methods].map(([name, schema]) => {
    const { source } = ajv.compile(schema);
    if (source === undefined) {
      throw new Error(`ajv printed no validator for ${service.name}.${name}`);
    }
    return `${memberName(name)}: ${printer.add(source)},`;
  });
  return { code: printer.text(), methods: entries };
}

/** Loaded late: a run that reports mistakes or prints help has no use for 30 ms of ajv. */
function createAjv(): AjvCore {
  const require = createRequire(import.meta.url);
  // require knows no types. The core has no vocabularies and no meta-schemas.
  const { default: Core } = require("ajv/dist/core") as { readonly default: typeof AjvCore };
  const tools: CodeTools = {
    ...require("ajv/dist/compile/codegen/code"),
    ...require("ajv/dist/compile"),
    ...require("ajv/dist/vocabularies/core/ref"),
  };
  const { default: vocabularies } = require("ajv/dist/vocabularies/draft7") as {
    readonly default: readonly Parameters<AjvCore["addVocabulary"]>[0][];
  };
  const ajv = new Core({
    allErrors: true,
    // The front end has checked what users write; the rest is ours.
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
  ajv.addVocabulary([...keywordsOf(tools)]);
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

/** What ajv would import at run time, as functions of our own. */
const helpers: ReadonlyMap<string, string> = new Map([
  [
    'require("ajv/dist/runtime/ucs2length").default',
    `(text) => {
let length = 0;
for (const _ of text) length++;
return length;
}`,
  ],
  [
    'require("ajv/dist/runtime/equal").default',
    `function equal(a, b) {
if (Object.is(a, b)) return true;
if (typeof a != "object" || typeof b != "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
const keys = Object.keys(a);
return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}`,
  ],
]);

/** Without what nobody reads, and with one statement for what ajv writes in eight lines. */
function tidy(code: string): string {
  return (
    code
      .replace(/schemaPath:"(?:[^"\\]|\\.)*",/g, "")
      .replace(
        /const (err\d+) = (\{.*\});\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}/g,
        "(vErrors ??= []).push($2);",
      )
      // Two literals side by side; inside a literal the quotes would be escaped.
      .replaceAll('"+"', "")
      .trim()
  );
}

/** Whether the code mentions the name; ajv lists values that its optimizer then removed. */
function uses(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code);
}
