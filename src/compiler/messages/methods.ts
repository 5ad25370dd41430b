import { didYouMean, listOf } from "../suggest.js";

const two = 'versions: { "1.0": First., "1.1": Second. }\n';

/** Mistakes in methods: their kind, where they go, what they take, how long they may take. */
export const methodMessages = {
  "unknown-parameter": {
    severity: "error",
    text: ({ name, method, candidates }: { name: string; method: string; candidates: () => readonly string[] }) => {
      const known = candidates();
      const otherwise = name.startsWith("$")
        ? '"$server" alone is special: it stands for the server in the options of the call'
        : known.length === 0
          ? "add it to params"
          : `it has ${listOf(known, "and")}`;
      return { message: `"${method}" has no parameter "${name}"`, ...didYouMean(name, known, otherwise) };
    },
    explanation: "Paths and choices start at a parameter of their own method.",
    example: "methods:\n  start: { kind: cast, server: hots, params: { host: string } }\n",
    fix: "methods:\n  start: { kind: cast, server: host, params: { host: string } }\n",
  },
  "unknown-path": {
    severity: "error",
    text: ({
      name,
      owner,
      type,
      candidates,
      shape,
    }: {
      name: string;
      owner: string;
      type: string;
      candidates: readonly string[];
      shape: "object" | "list" | "scalar";
    }) =>
      shape === "list"
        ? {
            message: `"${owner}" is ${type}, so that "${name}" must be an index`,
            help: `write ${owner}.0 for the first`,
          }
        : shape === "scalar"
          ? { message: `"${owner}" is ${type}, which has nothing inside`, help: `end the path at ${owner}` }
          : {
              message: `${type}, the type of "${owner}", has no field "${name}"`,
              ...didYouMean(name, candidates, `it has ${listOf(candidates, "and")}`),
            },
    explanation:
      "A path is followed through the types of the parameters, so that a slip is found here and not when a message has nowhere to go.",
    example:
      "types:\n  Instance: { fields: { host: string } }\nmethods:\n  start: { kind: cast, server: instance.hots, params: { instance: Instance } }\n",
    fix: "types:\n  Instance: { fields: { host: string } }\nmethods:\n  start: { kind: cast, server: instance.host, params: { instance: Instance } }\n",
  },
  "path-not-text": {
    severity: "error",
    text: ({ path, type, field }: { path: string; type: string; field: string | undefined }) => ({
      message: `"${path}" is ${type}, and a server or topic is a text`,
      help: field === undefined ? "name a parameter or field that is a string" : `did you mean "${path}.${field}"?`,
    }),
    explanation: "Servers and topics are names, so that a path to one must end at a string.",
    example:
      "types:\n  Instance: { fields: { host: string } }\nmethods:\n  start: { kind: cast, server: instance, params: { instance: Instance } }\n",
    fix: "types:\n  Instance: { fields: { host: string } }\nmethods:\n  start: { kind: cast, server: instance.host, params: { instance: Instance } }\n",
  },
  "path-syntax": {
    severity: "error",
    text: ({ path }: { path: string }) => ({
      message: path === "" ? "the path is empty" : `"${path}" is no path into the arguments`,
      help: "write parameter.field, such as instance.host or instances.0.host",
    }),
    explanation: "A path is a parameter and the fields or indexes to follow, with dots between them.",
    example: "methods:\n  start: { kind: cast, server: host., params: { host: string } }\n",
    fix: "methods:\n  start: { kind: cast, server: host, params: { host: string } }\n",
  },
  "unknown-function": {
    severity: "error",
    text: ({ name, candidates }: { name: string; candidates: readonly string[] }) => ({
      message: name === "" ? 'a function is missing behind "|"' : `there is no function "${name}" for paths`,
      ...didYouMean(
        name,
        candidates,
        `there is ${listOf(candidates, "and")}, and names such as pick_host are yours to pass`,
      ),
    }),
    explanation:
      'A path may end in functions. The runtime has "| extract_host", which takes "node@backend" out of "node@backend#pool", and with (host), (backend) or (pool) that part of it. Any other name is a function that your program passes in the option converters, unless it is nearly one of those.',
    example: "methods:\n  start: { kind: cast, server: host | extracthosts, params: { host: string } }\n",
    fix: "methods:\n  start: { kind: cast, server: host | extract_host, params: { host: string } }\n",
  },
  "bad-template": {
    severity: "error",
    text: ({ text }: { text: string }) => ({
      message: `the braces of "${text}" do not match`,
      help: "write demo.{parameter.field}",
    }),
    explanation: "A topic may hold paths into the arguments, each in braces.",
    example: 'methods:\n  start: { kind: cast, topic: "demo.{host", params: { host: string } }\n',
    fix: 'methods:\n  start: { kind: cast, topic: "demo.{host}", params: { host: string } }\n',
  },
  "server-option-in-list": {
    severity: "error",
    text: () => ({
      message: '"$server" stands alone, or behind all paths',
      help: "move it to the end: the caller's option is always taken first, and there it says that no path has to be set",
    }),
    explanation:
      "The path $server says that the caller may give the server in the options of the call, and that the topic's queue takes the request where nobody does. Behind other paths it makes them optional; what stands behind it would never be read.",
    example: "methods:\n  start: { kind: cast, server: [$server, host], params: { host: string } }\n",
    fix: "methods:\n  start: { kind: cast, server: [host, $server], params: { host: string } }\n",
  },
  "server-on-fanout": {
    severity: "error",
    text: () => ({
      message: "a fanout goes to every server, so that it has no server of its own",
      help: "remove server, or make it a cast",
    }),
    explanation: "A fanout is sent to all servers of the topic.",
    example: "methods:\n  start: { kind: fanout, server: host, params: { host: string } }\n",
    fix: "methods:\n  start: { kind: cast, server: host, params: { host: string } }\n",
  },
  "call-only": {
    severity: "error",
    text: ({ key, kind }: { key: string; kind: string }) => ({
      message: `"${key}" is for calls, and this is a ${kind}: nobody waits for an answer`,
      help: `remove ${key}, or make it a call`,
    }),
    explanation:
      "Only a call has a reply: a result, declared errors, a time to wait, heartbeats. A cast and a fanout are over when the broker has the message.",
    example: "methods:\n  start: { kind: cast, returns: string }\n",
    fix: "methods:\n  start: { kind: call, returns: string }\n",
  },
  "delivery-needs-cast": {
    severity: "error",
    text: ({ kind }: { kind: string }) => ({
      message: `at-least-once is for casts, and this can be a ${kind}`,
      help: kind === "call" ? "use idempotent: true to send a call again" : "remove delivery",
    }),
    explanation:
      "A call that is delivered again is answered twice, long after its caller gave up. A fanout's queues end with their servers.",
    example: "methods:\n  start: { kind: call, delivery: at-least-once }\n",
    fix: "methods:\n  start: { kind: cast, delivery: at-least-once }\n",
  },
  "attempts-need-delivery": {
    severity: "error",
    text: () => ({ message: '"attempts" needs delivery: at-least-once', help: "add it, or remove attempts" }),
    explanation: "Without at-least-once a message is acknowledged when it arrives, and there is one attempt.",
    example: "methods:\n  start: { kind: cast, attempts: 3 }\n",
    fix: "methods:\n  start: { kind: cast, delivery: at-least-once, attempts: 3 }\n",
  },
  "kind-by-not-boolean": {
    severity: "error",
    text: ({ by }: { by: string }) => ({
      message: `"${by}" chooses the kind, so that it must be a boolean`,
      help: "write type: boolean, without a ?",
    }),
    explanation: "The caller chooses between two kinds by an argument that is true or false.",
    example: "methods:\n  start: { kind: { by: wait, true: call, false: cast }, params: { wait: string } }\n",
    fix: "methods:\n  start: { kind: { by: wait, true: call, false: cast }, params: { wait: boolean } }\n",
  },
  "kind-without-choice": {
    severity: "warning",
    text: ({ by, kind }: { by: string; kind: string }) => ({
      message: `"${by}" chooses nothing: it is a ${kind} either way`,
      help: `write kind: ${kind}`,
    }),
    explanation: "The two kinds are the same.",
    example: "methods:\n  start: { kind: { by: wait, true: cast, false: cast }, params: { wait: boolean } }\n",
    fix: "methods:\n  start: { kind: { by: wait, true: call, false: cast }, params: { wait: boolean } }\n",
  },
  "unknown-error": {
    severity: "error",
    text: ({ name, candidates }: { name: string; candidates: () => readonly string[] }) => ({
      message: `there is no error "${name}"`,
      ...didYouMean(name, candidates(), "declare it under errors, or import the file that does"),
    }),
    explanation:
      "Errors which a method may answer with, or which a client throws below a version, are declared under errors.",
    example: "errors: { NotFound: {} }\nmethods:\n  start: { kind: call, errors: [NotFond] }\n",
    fix: "errors: { NotFound: {} }\nmethods:\n  start: { kind: call, errors: [NotFound] }\n",
  },
  "refusal-fields": {
    severity: "error",
    text: ({ error, missing }: { error: string; missing: readonly string[] }) => ({
      message: `a client that throws "${error}" needs ${listOf(missing, "and")}, ${missing.length === 1 ? "a field" : "fields"} of it`,
      help: `write { error: ${error}, fields: { ${missing[0]}: VALUE } }, or make the fields optional`,
    }),
    explanation:
      "The error is thrown by the client before anything is sent, so that the definition must say what its fields are.",
    example: `${two}errors: { TooOld: { fields: { needed: string } } }\nmethods:\n  start: { kind: call, since: "1.1", too_old: TooOld }\n`,
    fix: `${two}errors: { TooOld: { fields: { needed: string } } }\nmethods:\n  start: { kind: call, since: "1.1", too_old: { error: TooOld, fields: { needed: "1.1" } } }\n`,
  },
  "refusal-unknown-field": {
    severity: "error",
    text: ({ error, field, candidates }: { error: string; field: string; candidates: readonly string[] }) => ({
      message: `the error "${error}" has no field "${field}"`,
      ...didYouMean(field, candidates, candidates.length === 0 ? "remove it" : `it has ${listOf(candidates, "and")}`),
    }),
    explanation: "The fields which a client gives to an error that it throws are those which the error declares.",
    example: `${two}errors: { TooOld: {} }\nmethods:\n  start: { kind: call, since: "1.1", too_old: { error: TooOld, fields: { needed: "1.1" } } }\n`,
    fix: `${two}errors: { TooOld: {} }\nmethods:\n  start: { kind: call, since: "1.1", too_old: TooOld }\n`,
  },
  "refusal-word": {
    severity: "error",
    text: ({ word, words }: { word: string; words: readonly string[] }) => ({
      message: `"${word}" stands for nothing that a client knows when it refuses`,
      ...didYouMean(word, words, `write ${listOf(words, "or")}, or a value`),
    }),
    explanation:
      "In the fields of an error that a client throws, $cap stands for its version cap and $needed for the version that the request needs.",
    example: `${two}errors: { TooOld: { fields: { needed: string } } }\nmethods:\n  start: { kind: call, since: "1.1", too_old: { error: TooOld, fields: { needed: $neded } } }\n`,
    fix: `${two}errors: { TooOld: { fields: { needed: string } } }\nmethods:\n  start: { kind: call, since: "1.1", too_old: { error: TooOld, fields: { needed: $needed } } }\n`,
  },
  "unknown-profile": {
    severity: "error",
    text: ({ name, candidates }: { name: string; candidates: readonly string[] }) => ({
      message: `there is no time-out profile "${name}"`,
      ...didYouMean(name, candidates, "write a duration such as 30s, or declare the profile under timeouts"),
    }),
    explanation: "A time-out is a duration, or a profile that timeouts declares.",
    example: "timeouts: { long: 30m }\nmethods:\n  start: { kind: call, timeout: lnog }\n",
    fix: "timeouts: { long: 30m }\nmethods:\n  start: { kind: call, timeout: long }\n",
  },
  "duration-range": {
    severity: "error",
    text: ({ text }: { text: string }) => ({
      message: `"${text}" is no time that can be waited for`,
      help: "a duration is more than 0 and at most 24 days",
    }),
    explanation: "A timer can wait for 2^31 - 1 milliseconds at most, which are 24.8 days.",
    example: "timeouts: { long: 40d }\n",
    fix: "timeouts: { long: 20d }\n",
  },
  "short-heartbeat": {
    severity: "warning",
    text: ({ heartbeat }: { heartbeat: string }) => ({
      message: `with a heartbeat of ${heartbeat}, calls to Python servers always fail: they send none below 2s`,
      help: "use 2s or more",
    }),
    explanation:
      "A server of oslo.messaging sends heartbeats every half interval, in whole seconds, and none where that is less than one second. The client then gives up.",
    example: "timeouts: { long: { timeout: 30m, heartbeat: 1s } }\n",
    fix: "timeouts: { long: { timeout: 30m, heartbeat: 60s } }\n",
  },
  "useless-heartbeat": {
    severity: "warning",
    text: ({ heartbeat }: { heartbeat: string }) => ({
      message: `a heartbeat of ${heartbeat} never matters: the call times out before`,
      help: "make it shorter than the time-out",
    }),
    explanation:
      "The heartbeat is the longest silence of a server which still works. It is there to notice a dead server before the time-out.",
    example: "timeouts: { long: { timeout: 1m, heartbeat: 60s } }\n",
    fix: "timeouts: { long: { timeout: 30m, heartbeat: 60s } }\n",
  },
  "from-itself": {
    severity: "error",
    text: ({ name, origin }: { name: string; origin: string }) => ({
      message:
        name === origin
          ? `"${name}" takes its value from itself`
          : `"${name}" takes its value from "${origin}", which the caller does not give`,
      help: "name a parameter that the caller gives",
    }),
    explanation:
      "The key from: takes a value out of an argument that the caller gives. It does not lead over other derived parameters.",
    example: "methods:\n  start: { kind: cast, params: { id: { type: string, from: id } } }\n",
    fix: "methods:\n  start: { kind: cast, params: { name: string, id: { type: string, from: name } } }\n",
  },
  "from-type": {
    severity: "error",
    text: ({ path, found, wanted }: { path: string; found: string; wanted: string }) => ({
      message: `"${path}" is ${found}, and the parameter is ${wanted}`,
      help: "change the type, leave it out, or add convert",
    }),
    explanation: "The value is sent as it is, so that it must be of the parameter's type.",
    example: "methods:\n  start: { kind: cast, params: { name: string, id: { type: integer, from: name } } }\n",
    fix: "methods:\n  start: { kind: cast, params: { name: string, id: { from: name } } }\n",
  },
  "converter-typo": {
    severity: "warning",
    text: ({ name, meant }: { name: string; meant: string }) => ({
      message: `the converter "${name}" is one that you would have to write`,
      help: `did you mean the built-in "${meant}"?`,
    }),
    explanation:
      "Any name is a converter that users pass, except the built-in to_primitive, extract_host and utcnow. This one is very close to a built-in.",
    example: "methods:\n  start: { kind: cast, params: { at: { type: any, convert: to_primitve } } }\n",
    fix: "methods:\n  start: { kind: cast, params: { at: { type: any, convert: to_primitive } } }\n",
  },
  "converter-types": {
    severity: "error",
    text: ({ name, one, other }: { name: string; one: string; other: string }) => ({
      message: `the converter "${name}" is used for ${one} and for ${other}`,
      help: "use two converters",
    }),
    explanation:
      "For each converter one function is generated in the interface that users implement, and a function has one type.",
    example:
      "methods:\n  start: { kind: cast, params: { a: { type: string, convert: f }, b: { type: integer, convert: f } } }\n",
    fix: "methods:\n  start: { kind: cast, params: { a: { type: string, convert: f }, b: { type: integer, convert: g } } }\n",
  },
} as const;
