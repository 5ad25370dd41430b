import { didYouMean, listOf } from "../suggest.js";

const two = 'versions: { "1.0": First., "1.1": Second. }\n';

/** Mistakes in versions: what existed when, and how it looked. */
export const versionMessages = {
  "version-not-quoted": {
    severity: "error",
    text: ({ text }: { text: string }) => ({
      message: `YAML reads ${text} as a number, and a version is a text`,
      help: `quote it: "${text}"`,
    }),
    explanation:
      "As a number 6.10 is 6.1, and two versions become one. This compiler sees the digits, but other tools which read the file do not.",
    example: "versions: { 1.0: First. }\n",
    fix: 'versions: { "1.0": First. }\n',
  },
  "bad-version": {
    severity: "error",
    text: ({ text }: { text: string }) => ({
      message: `"${text}" is no version`,
      help: 'write major.minor, such as "6.1"',
    }),
    explanation:
      "A version is two whole numbers with a dot between them. oslo.messaging compares them as numbers: 5.9 is older than 5.13.",
    example: "versions: { v1: First. }\n",
    fix: 'versions: { "1.0": First. }\n',
  },
  "version-order": {
    severity: "warning",
    text: ({ version, after }: { version: string; after: string }) => ({
      message: `version ${version} is written below the newer ${after}`,
      help: "list versions from old to new",
    }),
    explanation:
      "Versions are ordered by their numbers wherever they are written. A history that jumps is hard to read, and is often a slip of a digit.",
    example: 'versions: { "1.1": Second., "1.0": First. }\n',
    fix: `${two}methods:\n  start: { kind: cast, since: "1.1" }\n`,
  },
  "too-many-versions": {
    severity: "error",
    text: ({ count, limit }: { count: number; limit: number }) => ({
      message: `the definition lists ${count} versions; it may list ${limit}`,
    }),
    explanation: "No service has as many versions, and checks take time for each.",
  },
  "unknown-version": {
    severity: "error",
    text: ({ version, listed }: { version: string; listed: readonly string[] }) => ({
      message: `version "${version}" is not listed in versions`,
      help: `add it there with what it brought; listed are ${listOf(listed.slice(-6), "and")}`,
    }),
    explanation: "Every version that a definition speaks of is in its versions, with what it brought.",
    example: `${two}methods:\n  start: { kind: cast, since: "1.2" }\n`,
    fix: `${two}methods:\n  start: { kind: cast, since: "1.1" }\n`,
  },
  "version-without-change": {
    severity: "warning",
    text: ({ version }: { version: string }) => ({
      message: `nothing in the definition begins, ends or changes with version ${version}`,
      help: "give what it brought its since, until or was, or say above the entry, or above versions, why none can be seen: # rpcgen-ignore version-without-change: REASON",
    }),
    explanation:
      "A version is there to tell servers apart, and here two neighbours are the same: a since is missing, or has another number. But a version may also have brought what a definition does not show, such as a method that is long gone, or more in a result that is any. Peers have it and version caps name it, so its entry stays, and a comment says why nothing else speaks of it. The first version of a major needs none: it begins a new line.",
    example: `${two}methods:\n  start: { kind: cast }\n`,
    fix: `${two}methods:\n  start: { kind: cast, since: "1.1" }\n`,
  },
  "release-name": {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `a release cannot be called "${name}"`,
      help:
        name === "auto"
          ? "a version cap of auto asks the live servers"
          : "a name that starts with a digit looks like a version",
    }),
    explanation: "A version cap is a version, the name of a release, or auto. The three must be told apart.",
    example: 'releases: { auto: "1.0" }\n',
    fix: 'releases: { zed: "1.0" }\n',
  },
  "empty-interval": {
    severity: "error",
    text: ({ since, until, explicit }: { since: string; until: string; explicit: boolean }) => ({
      message: `it never exists: until "${until}" is not after ${explicit ? `since "${since}"` : `the oldest version "${since}"`}`,
      help: "until is the first version that no longer has it",
    }),
    explanation: "Something exists in the versions from since up to, but without, until. Here there is none.",
    example: `${two}methods:\n  start: { kind: cast, since: "1.1", until: "1.1" }\n`,
    fix: `${two}methods:\n  start: { kind: cast, since: "1.1" }\n`,
  },
  "never-exists": {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `"${name}" never exists: its method has no version in which it does`,
      help: "change the interval of the parameter or of the method",
    }),
    explanation: "A parameter exists where both its own interval and its method's hold.",
    example: `${two}methods:\n  start: { kind: cast, since: "1.1", params: { count: { type: integer, until: "1.1" } } }\n`,
    fix: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, until: "1.1" } } }\n`,
  },
  "since-before-method": {
    severity: "warning",
    text: ({ name, since, method }: { name: string; since: string; method: string }) => ({
      message: `"${name}" has since "${since}", and its method only exists since "${method}"`,
      help: "remove since",
    }),
    explanation: "A parameter cannot be older than its method, so that its since says nothing.",
    example: `${two}methods:\n  start: { kind: cast, since: "1.1", params: { count: { type: integer, since: "1.0" } } }\n`,
    fix: `${two}methods:\n  start: { kind: cast, since: "1.1", params: { count: integer } }\n`,
  },
  "when-older-without-since": {
    severity: "error",
    text: ({ key }: { key: string }) => ({
      message: `"${key}" says what happens below since, and nothing is below it`,
      help: `add since, or remove ${key}`,
    }),
    explanation:
      "The keys when_older and too_old are for versions that lack the parameter or method. Here every version has it.",
    example: "methods:\n  start: { kind: cast, params: { count: { type: integer, when_older: drop } } }\n",
    fix: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, since: "1.1", when_older: drop } } }\n`,
  },
  "label-not-served": {
    severity: "error",
    text: ({ label, newest }: { label: string; newest: string | undefined }) => ({
      message:
        newest === undefined
          ? `no server of this definition accepts "${label}": versions has none of its major`
          : `no server of this definition accepts "${label}": the newest of its major is ${newest}`,
      help: "write a version that servers accept, or add it to versions",
    }),
    explanation:
      "A label is the version that a request carries, and a server accepts a request up to the newest version of its own major. The key label is for a service that labels its requests in its own way, and its servers accept them all the same.",
    example: 'methods:\n  start: { kind: cast, label: "1.9" }\n',
    fix: 'methods:\n  start: { kind: cast, label: "1.0" }\n',
  },
  "was-order": {
    severity: "error",
    text: ({ before, earlier }: { before: string; earlier: string }) => ({
      message: `before "${before}" comes below before "${earlier}", and is not newer`,
      help: "list former shapes from old to new, each with a before of its own",
    }),
    explanation:
      "Each entry of was holds from the one above it up to its before. Entries in another order would overlap.",
    example: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1", name: a }, { before: "1.1", name: b }] } } }\n`,
    fix: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1", name: a }] } } }\n`,
  },
  "was-unknown-version": {
    severity: "error",
    text: ({
      before,
      owner,
      service,
      candidates,
    }: {
      before: string;
      owner: string;
      service: string;
      candidates: readonly string[];
    }) => ({
      message: `${owner} was another before "${before}", which is no version and no release of ${service}`,
      ...didYouMean(before, candidates, "write a version or release of every service that uses the type"),
    }),
    explanation:
      "What an object looked like is told by the version of the service to which it is sent. A type that several services import names a release that all of them have.",
    example: `${two}types:\n  Order: { fields: { id: integer, note: { type: string, optional: true } }, was: [{ before: "1.2", without: [note] }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
    fix: `${two}types:\n  Order: { fields: { id: integer, note: { type: string, optional: true } }, was: [{ before: "1.1", without: [note] }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
  },
  "was-unknown-field": {
    severity: "error",
    text: ({ name, owner, candidates }: { name: string; owner: string; candidates: readonly string[] }) => ({
      message: `${owner} has no field "${name}" that it could have been without`,
      ...didYouMean(name, candidates, `it has ${listOf(candidates, "and")}`),
    }),
    explanation: "The key without lists fields of today's object which older servers do not know.",
    example: `${two}types:\n  Order: { fields: { id: integer, note: { type: string, optional: true } }, was: [{ before: "1.1", without: [notes] }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
    fix: `${two}types:\n  Order: { fields: { id: integer, note: { type: string, optional: true } }, was: [{ before: "1.1", without: [note] }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
  },
  "was-required-field": {
    severity: "error",
    text: ({ name, owner }: { name: string; owner: string }) => ({
      message: `${owner} was without "${name}", and today it cannot be`,
      help: `add optional: true or a default to "${name}": older clients do not send it`,
    }),
    explanation:
      "A field that came later is absent from what older clients send, so that a server which needs it would refuse them all.",
    example: `${two}types:\n  Order: { fields: { id: integer, note: string }, was: [{ before: "1.1", without: [note] }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
    fix: `${two}types:\n  Order: { fields: { id: integer, note: { type: string, optional: true } }, was: [{ before: "1.1", without: [note] }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
  },
  "was-not-versioned": {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `${name} is no versioned object, so that it has no former version`,
      help: "remove version, or make it one: object: { name, namespace, version }",
    }),
    explanation: "Only an oslo versioned object carries a version of its own on the wire.",
    example: `${two}types:\n  Order: { fields: { id: integer }, was: [{ before: "1.1", version: "1.0" }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
    fix: `${two}types:\n  Order: { object: { name: Order, namespace: demo, version: "1.1" }, fields: { id: integer }, was: [{ before: "1.1", version: "1.0" }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
  },
  "was-newer-object": {
    severity: "error",
    text: ({ name, version, today }: { name: string; version: string; today: string }) => ({
      message: `${name} was of version ${version}, and is of version ${today} today`,
      help: `write an older version of the major version ${today.split(".")[0]}, or raise the one under object`,
    }),
    explanation:
      "Older servers get the object in the version that they know. They refuse a newer one, and one of another major version.",
    example: `${two}types:\n  Order: { object: { name: Order, namespace: demo, version: "1.1" }, fields: { id: integer }, was: [{ before: "1.1", version: "1.2" }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
    fix: `${two}types:\n  Order: { object: { name: Order, namespace: demo, version: "1.1" }, fields: { id: integer }, was: [{ before: "1.1", version: "1.0" }] }\nmethods:\n  start: { kind: cast, params: { order: Order } }\n`,
  },
  "was-before-since": {
    severity: "error",
    text: ({ before, since }: { before: string; since: string }) => ({
      message: `before "${before}" it did not exist: it is there since "${since}"`,
      help: "remove the entry, or change since",
    }),
    explanation: "A former shape must have been there at some version, which is not before the thing itself.",
    example:
      'methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.0", name: number }] } } }\n',
    fix: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1", name: number }] } } }\n`,
  },
  "was-without-change": {
    severity: "error",
    text: ({ keys }: { keys: readonly string[] }) => ({
      message: "the entry does not say what was different",
      help: `add ${listOf(keys)}`,
    }),
    explanation:
      "An entry of was says how a parameter looked before a version: its name, its type, or what was sent for nothing.",
    example: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1" }] } } }\n`,
    fix: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1", name: number }] } } }\n`,
  },
  "was-needs-converter": {
    severity: "error",
    text: ({ name, former, today }: { name: string; former: string; today: string }) => ({
      message: `"${name}" was ${former} and is ${today}, and nothing says how one becomes the other`,
      help: "add convert: NAME; the function is passed where a client or dispatcher is made",
    }),
    explanation: "Managers and callers use the newest type only. What older peers send and get is made by a converter.",
    example: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1", type: string }] } } }\n`,
    fix: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1", type: string, convert: count_to_text }] } } }\n`,
  },
  "was-clash": {
    severity: "error",
    text: ({
      name,
      version,
      a,
      b,
      of,
    }: {
      name: string;
      version: string;
      a: string;
      b: string;
      of: string | undefined;
    }) => ({
      message: `at version ${version}${of === undefined ? "" : ` of "${of}"`}, "${a}" and "${b}" are both called "${name}" on the wire`,
      help: "change one of the names, or the versions in which it was used",
    }),
    explanation: "A name on the wire means one thing at each version.",
    example: `${two}methods:\n  start: { kind: cast, params: { a: integer, b: { type: integer, was: [{ before: "1.1", name: a }] } } }\n`,
    fix: `${two}methods:\n  start: { kind: cast, params: { a: integer, b: { type: integer, was: [{ before: "1.1", name: c }] } } }\n`,
  },
  "converter-needs-before": {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `"${name}" is always converted, and was: converts it too`,
      help: "limit one of them: convert: { name: NAME, before: VERSION }",
    }),
    explanation: "At an old version both converters would apply, and it could not be told in which order.",
    example: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, convert: f, was: [{ before: "1.1", type: string, convert: g }] } } }\n`,
    fix: `${two}methods:\n  start: { kind: cast, params: { count: { type: integer, was: [{ before: "1.1", type: string, convert: g }] } } }\n`,
  },
  "rule-gap": {
    severity: "error",
    text: ({ key, first, last }: { key: string; first: string; last: string }) => ({
      message: `no rule of "${key}" holds ${first === last ? `at version ${first}` : `from version ${first} to ${last}`}`,
      help: "add a last rule without since and until, which holds for the rest",
    }),
    explanation:
      "The first rule whose interval has the client's version is taken, so that every version of the method needs one.",
    example: `${two}methods:\n  start: { kind: cast, topic: [{ since: "1.1", name: demo-alt }] }\n`,
    fix: `${two}methods:\n  start: { kind: cast, topic: [{ since: "1.1", name: demo-alt }, { name: demo }] }\n`,
  },
  "unreachable-rule": {
    severity: "warning",
    text: ({ key }: { key: string }) => ({
      message: `this rule of "${key}" is never taken: those above it hold for all its versions`,
      help: "move it up, or remove it",
    }),
    explanation: "Rules are tried from the top, and the first whose interval has the client's version is taken.",
    example: `${two}methods:\n  start: { kind: cast, topic: [{ name: demo }, { since: "1.1", name: demo-alt }] }\n`,
    fix: `${two}methods:\n  start: { kind: cast, topic: [{ since: "1.1", name: demo-alt }, { name: demo }] }\n`,
  },
} as const;
