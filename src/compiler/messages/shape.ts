import { didYouMean, listOf } from "../suggest.js";

/** Mistakes in the shape of a definition: keys and values that the language does not have. */
export const shapeMessages = {
  "unknown-key": {
    severity: "error",
    text: ({
      key,
      known,
      owner,
      meant,
    }: {
      key: string;
      known: readonly string[];
      owner: string;
      meant: string | undefined;
    }) => ({
      message: `${owner} has no key "${key}"`,
      ...(meant === undefined
        ? didYouMean(key, known, `it may have ${listOf(known, "and")}; keys of your own start with x-`)
        : { help: `did you mean "${meant}"?` }),
    }),
    explanation:
      "A key that is not known is most often a slip, and what it says would be lost. Keys that start with x- are yours: they are handed to templates.",
    example: "descripton: Runs instances.\n",
    fix: "description: Runs instances.\n",
  },
  "fields-without-key": {
    severity: "error",
    text: ({ first }: { first: string }) => ({
      message: `a type has no key "${first}"; its fields are not below "fields"`,
      help: `write fields: { ${first}: … }`,
    }),
    explanation:
      "A type can be an object, an enum, a union or an alias, and says which by a key. The fields of an object are below its key fields.",
    example: "types:\n  Order: { id: uuid, total: number }\n",
    fix: "types:\n  Order: { fields: { id: uuid, total: number } }\n",
  },
  "missing-key": {
    severity: "error",
    text: ({ key, owner, what }: { key: string; owner: string; what: string | undefined }) => ({
      message: `${owner} needs the key "${key}"`,
      ...(what === undefined ? {} : { help: `${key} is ${what}` }),
    }),
    explanation: "The key says something that cannot be guessed.",
    example: "methods:\n  start: { params: { name: string } }\n",
    fix: "methods:\n  start: { kind: call, params: { name: string } }\n",
  },
  "wrong-type": {
    severity: "error",
    text: ({
      where,
      expected,
      found,
      help,
    }: {
      where: string;
      expected: string;
      found: string;
      help: string | undefined;
    }) => ({
      message: `${where} must be ${expected}, and this is ${found}`,
      ...(help === undefined ? {} : { help }),
    }),
    explanation:
      "The value has another form than the language has at this place. YAML reads unquoted 12, true and null as a number, a boolean and nothing.",
    example: "description: 12\n",
    fix: 'description: "12"\n',
  },
  "wrong-value": {
    severity: "error",
    text: ({ where, value, allowed }: { where: string; value: string; allowed: readonly string[] }) => ({
      message: `${where} cannot be "${value}"; it is ${listOf(allowed)}`,
      ...didYouMean(value, allowed),
    }),
    explanation: "The key takes one of a few words.",
    example: "methods:\n  start: { kind: cats }\n",
    fix: "methods:\n  start: { kind: cast }\n",
  },
  "wrong-form": {
    severity: "error",
    text: ({ where, value, expected }: { where: string; value: string; expected: string }) => ({
      message: `${where} cannot be "${value}"`,
      help: `write ${expected}`,
    }),
    explanation: "The text does not have the form that this place needs.",
    example: "topic: two words\n",
    fix: "topic: two-words\n",
  },
  "out-of-range": {
    severity: "error",
    text: ({ where, limit }: { where: string; limit: string }) => ({ message: `${where} must be ${limit}` }),
    explanation: "The number is outside of what the runtime or the broker can use.",
    example: "methods:\n  start: { kind: call, priority: 12 }\n",
    fix: "methods:\n  start: { kind: call, priority: 9 }\n",
  },
  "empty-collection": {
    severity: "error",
    text: ({ where }: { where: string }) => ({
      message: `${where} must not be empty`,
      help: "remove the key where nothing is meant",
    }),
    explanation: "A list or map without entries says nothing here.",
    example: "types:\n  State: { enum: [] }\n",
    fix: "types:\n  State: { enum: [active] }\n",
  },
  "wrong-edition": {
    severity: "error",
    text: ({ text, isQuoted }: { text: string; isQuoted: boolean }) => ({
      message: isQuoted
        ? "the edition of the language is a number, and this is a text"
        : `this compiler reads edition 1 of the language, and this is "${text}"`,
      help: isQuoted ? "remove the quotes: rpcapi: 1" : "write rpcapi: 1, or use a newer rpcgen",
    }),
    explanation:
      "The edition says how a file is to be understood, so that the language can change without changing old definitions.",
    example: "rpcapi: 2\n",
    fix: "rpcapi: 1\n",
  },
  "duration-without-unit": {
    severity: "error",
    text: ({ text }: { text: string }) => ({
      message: `a duration needs its unit, and "${text}" has none`,
      help: `write ${text}s for seconds, or ${text}ms`,
    }),
    explanation:
      "Whether a bare number means seconds or milliseconds is different in each library, so that durations say it: 500ms, 30s, 10m, 2h, 1d.",
    example: "timeouts:\n  long: 30\n",
    fix: "timeouts:\n  long: 30s\n",
  },
  "exclusive-keys": {
    severity: "error",
    text: ({ keys }: { keys: readonly string[] }) => ({
      message: `${listOf(keys, "and")} exclude each other`,
      help: "keep the one that is meant",
    }),
    explanation: "The keys say different things about the same, and one of them would silently lose.",
    example: "types:\n  State: { enum: [active], fields: { name: string } }\n",
    fix: "types:\n  State: { enum: [active] }\n",
  },
  "duplicate-item": {
    severity: "error",
    text: ({ item, where }: { item: string; where: string }) => ({
      message: `"${item}" is in ${where} for the second time`,
      help: "remove one of the two",
    }),
    explanation: "The second entry says nothing new, so that another one was probably meant.",
    example: "types:\n  State: { enum: [active, active] }\n",
    fix: "types:\n  State: { enum: [active, stopped] }\n",
  },
  "no-service": {
    severity: "warning",
    text: () => ({
      message: "none of the files defines a service, so that nothing is generated",
      help: "add service: NAME, or give the files that import this one",
    }),
    explanation:
      "A file without service: is a library. Its types, errors and methods are generated as part of the services which import it.",
    example: "# file: common.yaml\nrpcapi: 1\ntypes: { Port: integer }\n",
    fix: '# file: common.yaml\nrpcapi: 1\nservice: common\nversions: { "1.0": First version. }\ntypes: { Port: integer }\n',
  },
  "library-key": {
    severity: "error",
    text: ({ key }: { key: string }) => ({
      message: `"${key}" belongs to a service, and this file defines none`,
      help: "add service: NAME, or move the key to the service that imports this file",
    }),
    explanation:
      "A file without service: is a library of types, errors, methods and timeouts. What belongs to one service is said in its own file.",
    example: "# file: common.yaml\nrpcapi: 1\ntopic: compute\n",
    fix: '# file: common.yaml\nrpcapi: 1\nservice: compute\nversions: { "1.0": First version. }\ntopic: compute\n',
  },
  "bad-import": {
    severity: "error",
    text: ({ path }: { path: string }) => ({
      message: `"${path}" cannot be imported`,
      help: "write the path from this file, with forward slashes: ./common.yaml",
    }),
    explanation:
      "Imports are relative to the file that has them, so that a definition means the same on every machine.",
    example: "imports: [/etc/common.yaml]\n",
    fix: "",
  },
  "import-not-found": {
    severity: "error",
    text: ({ path }: { path: string }) => ({
      message: `there is no file "${path}"`,
      help: "imports are relative to the file that has them",
    }),
    explanation: "The imported file does not exist, or cannot be read.",
    example: "imports: [./commn.yaml]\n# file: common.yaml\nrpcapi: 1\n",
    fix: "imports: [./common.yaml]\n# file: common.yaml\nrpcapi: 1\n",
  },
  "import-cycle": {
    severity: "error",
    text: ({ chain }: { chain: readonly string[] }) => ({
      message: `files import each other in a circle: ${chain.join(" -> ")}`,
      help: "move what they share to a file of its own, which imports none of them",
    }),
    explanation: "Each file is read after those which it imports. In a circle no file could be the first.",
    example: "imports: [./b.yaml]\n# file: b.yaml\nrpcapi: 1\nimports: [./demo.yaml]\n",
    fix: "imports: [./b.yaml]\n# file: b.yaml\nrpcapi: 1\n",
  },
} as const;
