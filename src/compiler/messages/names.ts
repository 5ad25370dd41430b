/** Mistakes in names: their form, and what generated code or a Python peer makes of them. */
export const nameMessages = {
  "bad-name": {
    severity: "error",
    text: ({
      kind,
      name,
      like,
      repaired,
    }: {
      kind: string;
      name: string;
      like: string;
      repaired: string | undefined;
    }) => ({
      message: `"${name}" cannot be the name of ${article(kind)}`,
      help:
        repaired === undefined ? `write a name such as ${like}` : `did you mean "${repaired}"? Names look like ${like}`,
    }),
    explanation:
      "Names become identifiers in TypeScript and names on the wire. Types and errors start with a capital letter; methods and parameters are letters, digits and underscores, as a Python peer needs them.",
    example: "types:\n  port-number: integer\n",
    fix: "types:\n  PortNumber: integer\n",
  },
  "long-name": {
    severity: "error",
    text: ({ kind, length, limit }: { kind: string; length: number; limit: number }) => ({
      message: `the name of ${article(kind)} may have ${limit} characters, and this one has ${length}`,
    }),
    explanation: "AMQP allows 255 bytes for a whole address, and nobody can read a longer name.",
    example: `types:\n  P${"o".repeat(120)}rt: integer\n`,
    fix: "types:\n  Port: integer\n",
  },
  "reserved-name": {
    severity: "error",
    text: ({ kind, name, reason }: { kind: string; name: string; reason: string }) => ({
      message: `"${name}" cannot be the name of ${article(kind)}: it ${reason}`,
      help: "choose another name",
    }),
    explanation: "Generated code needs the name for something else, or every JavaScript object has it already.",
    example: "types:\n  Promise: { fields: { id: uuid } }\n",
    fix: "types:\n  Pledge: { fields: { id: uuid } }\n",
  },
  "reserved-member": {
    severity: "error",
    text: ({ name, written, reason }: { name: string; written: string; reason: string }) => ({
      message: `"${name}" cannot be generated: ${written} ${reason}`,
      help: "choose another name",
    }),
    explanation:
      "Methods become members of the generated API and manager, which have members of their own: initHost, preStart, postStart, cleanupHost, reset, canSend.",
    example: "methods:\n  init_host: { kind: cast }\n",
    fix: "methods:\n  init_one_host: { kind: cast }\n",
  },
  "member-clash": {
    severity: "error",
    text: ({ name, other, member }: { name: string; other: string; member: string }) => ({
      message: `${name} and ${other} would both become "${member}"`,
      help: "rename one of them",
    }),
    explanation:
      "Methods and periodic tasks become camelCase members of one manager, so that names which differ only in underscores or case collide.",
    example: "methods:\n  start_it: { kind: cast }\n  startIt: { kind: cast }\n",
    fix: "methods:\n  start_it: { kind: cast }\n  start_all: { kind: cast }\n",
  },
  "generated-clash": {
    severity: "error",
    text: ({ name, what }: { name: string; what: string }) => ({
      message: `"${name}" is generated already, for ${what}`,
      help: "rename the type",
    }),
    explanation:
      "For each service a few types are generated beside its own: XAPI, XManager, MethodArgs, MethodRequest, EnumValues, ErrorFields.",
    example:
      "types:\n  StartArgs: { fields: { id: uuid } }\nmethods:\n  start: { kind: cast, params: { what: StartArgs } }\n",
    fix: "types:\n  StartOptions: { fields: { id: uuid } }\nmethods:\n  start: { kind: cast, params: { what: StartOptions } }\n",
  },
  "name-clash": {
    severity: "error",
    text: ({ name, section }: { name: string; section: string }) => ({
      message: `"${name}" is declared twice among the ${section}`,
      help: "rename one of the two, or remove it",
    }),
    explanation:
      "What a service declares and what it imports share one set of names, because the generated code has one.",
    example:
      "imports: [./common.yaml]\ntypes: { Port: integer }\n# file: common.yaml\nrpcapi: 1\ntypes: { Port: string }\n",
    fix: "imports: [./common.yaml]\n# file: common.yaml\nrpcapi: 1\ntypes: { Port: string }\n",
  },
  "wire-clash": {
    severity: "error",
    text: ({ name, other, wire }: { name: string; other: string; wire: string }) => ({
      message: `"${name}" and "${other}" are both "${wire}" on the wire`,
      help: "give one of them another wire: name",
    }),
    explanation:
      "A client finds the class of an error by its name on the wire, so that two errors of one name cannot be told apart.",
    example: "errors:\n  NotFound: { wire: demo.Missing }\n  Missing: { wire: demo.Missing }\n",
    fix: "errors:\n  NotFound: { wire: demo.NotFound }\n  Missing: { wire: demo.Missing }\n",
  },
  "python-name": {
    severity: "error",
    text: ({ name }: { name: string }) => ({
      message: `a Python server cannot take an argument called "${name}": its methods have that parameter already`,
      help: "choose another name",
    }),
    explanation:
      "Servers written with oslo.messaging are called with the arguments by name, behind self and the request's context. An argument called self, ctxt or context makes every call fail with a TypeError.",
    example: "methods:\n  start: { kind: cast, params: { context: string } }\n",
    fix: "methods:\n  start: { kind: cast, params: { reason: string } }\n",
  },
  "python-keyword": {
    severity: "warning",
    text: ({ name }: { name: string }) => ({
      message: `"${name}" is a keyword of Python, so that a Python server can hardly take it`,
      help: `choose another name, such as ${name.toLowerCase()}_`,
    }),
    explanation: "A method in Python cannot declare a parameter of this name; it could only take it through **kwargs.",
    example: "methods:\n  start: { kind: cast, params: { class: string } }\n",
    fix: "methods:\n  start: { kind: cast, params: { class_name: string } }\n",
  },
} as const;

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun === "periodic" ? "periodic task" : noun}`;
}
