import type { CodeKeywordDefinition, KeywordCxt } from "ajv/dist/core.js";
import { bigintMessage, fieldsKeyword, integerMessage } from "./fields-keyword.js";

/** The parts of ajv with which its own keywords write code. */
export type CodeTools = Pick<
  typeof import("ajv/dist/compile/codegen/code.js"),
  "_" | "str" | "getProperty" | "_Code" | "regexpCode"
> &
  Pick<typeof import("ajv/dist/compile/index.js"), "resolveRef" | "SchemaEnv"> &
  Pick<typeof import("ajv/dist/vocabularies/core/ref.js"), "getValidate">;

/** Keywords that JSON Schema does not have, as ajv prints them into a validator. All take part in `allErrors`. */
export function keywordsOf(tools: CodeTools): readonly (CodeKeywordDefinition | string)[] {
  return [
    fieldsKeyword(tools),
    safeInteger(tools),
    bigint(tools),
    bigintLimits(tools),
    bigintEnum(tools),
    orNull(tools),
    uniqueScalars(tools),
    "unionTag",
    union(tools),
  ];
}

/** An integer that a JavaScript number holds without loss. */
function safeInteger({ _, _Code }: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "safeInteger",
    error: { message: ({ data }) => new _Code(integerMessage(String(data))), params: _`{}` },
    code: (cxt) => cxt.pass(_`Number.isSafeInteger(${cxt.data})`),
  };
}

function bigint({ _ }: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "bigint",
    error: { message: bigintMessage, params: _`{}` },
    code: (cxt) => cxt.pass(_`typeof ${cxt.data} == "bigint"`),
  };
}

/** JSON Schema's limits for bigints: pairs of a word and digits. */
function bigintLimits({ _, str }: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "bigintLimits",
    schemaType: "array",
    error: { message: ({ params }) => str`must be ${params["relation"]} ${params["limit"]}`, params: _`{}` },
    code(cxt) {
      const { gen, data } = cxt;
      // Written by schema.ts.
      for (const [word, limit] of cxt.schema as readonly (readonly [string, string])[]) {
        const value = _`BigInt(${limit})`;
        const rules = {
          minimum: [_`${data} < ${value}`, ">="],
          maximum: [_`${data} > ${value}`, "<="],
          exclusiveMinimum: [_`${data} <= ${value}`, ">"],
          exclusiveMaximum: [_`${data} >= ${value}`, "<"],
          multipleOf: [_`${data} % ${value} !== BigInt(0)`, "a multiple of"],
        } as const;
        const [fails, relation] = rules[word as keyof typeof rules];
        gen.if(_`typeof ${data} == "bigint" && ${fails}`, () => cxt.error(false, { relation, limit }));
      }
    },
  };
}

/** The values that a bigint may have, as digits. */
function bigintEnum({ _, str }: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "bigintEnum",
    schemaType: "array",
    error: { message: ({ params }) => str`must be one of ${params["values"]}`, params: _`{}` },
    code(cxt) {
      // Written by schema.ts.
      const values = cxt.schema as readonly string[];
      const [first, ...rest] = values.map((value) => _`${cxt.data} !== BigInt(${value})`);
      cxt.setParams({ values: values.join(", ") });
      cxt.fail(rest.reduce((all, each) => _`${all} && ${each}`, first ?? _`false`));
    },
  };
}

/** A schema for every value but null. With `anyOf` each mistake would be reported once for each branch. */
function orNull({ _ }: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "orNull",
    schemaType: "object",
    code(cxt) {
      const { gen, data } = cxt;
      gen.if(_`${data} !== null`, () => {
        cxt.subschema({ keyword: "orNull" }, gen.name("valid"));
      });
    },
  };
}

/** `uniqueItems` for lists of scalars. */
function uniqueScalars({ _ }: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "uniqueScalars",
    error: { message: "must not have an item twice", params: _`{}` },
    code: (cxt) => cxt.pass(_`!Array.isArray(${cxt.data}) || new Set(${cxt.data}).size === ${cxt.data}.length`),
  };
}

/** A discriminated union: the schema of each value of the tag, whose name is in `unionTag`. */
function union({ _, str }: CodeTools): CodeKeywordDefinition {
  return {
    keyword: "union",
    schemaType: "object",
    error: {
      message: ({ params }) => str`must be ${params["expected"]}`,
      params: _`{}`,
    },
    code(cxt) {
      const { gen, data } = cxt;
      // Written by schema.ts.
      const { unionTag: tag } = cxt.parentSchema as { readonly unionTag: string };
      const names = Object.keys(cxt.schema as object);
      const chooseVariant = (): void => {
        const value = gen.const("tag", _`${data}[${tag}]`);
        gen.if(false);
        for (const name of names) {
          gen.elseIf(_`${value} === ${name}`);
          cxt.subschema({ keyword: "union", schemaProp: name }, gen.name("valid"));
        }
        gen.else();
        cxt.error(false, { expected: `an object whose "${tag}" is one of ${names.join(", ")}` });
        gen.endIf();
      };
      gen.if(isObject(cxt), chooseVariant, () => cxt.error(false, { expected: "object" }));
    },
  };

  function isObject({ data }: KeywordCxt): ReturnType<typeof _> {
    return _`${data} && typeof ${data} == "object" && !Array.isArray(${data})`;
  }
}
