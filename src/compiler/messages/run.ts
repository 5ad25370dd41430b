/**
 * Mistakes of a run which are about no place in a definition: files, folders, templates. Their texts are made where
 * they happen; this is what `rpcgen explain` says of them.
 */
export const runMessages = {
  "cannot-read": {
    severity: "error",
    explanation:
      "A file is there and cannot be read; the message says why: permissions, a part of its path, the device. The other files were checked all the same.",
  },
  "cannot-write": {
    severity: "error",
    explanation:
      "A file or folder could not be written; the message says why. Generated files are first written beside their places and then renamed, so that a failure leaves the output as it was.",
  },
  "foreign-file": {
    severity: "error",
    explanation:
      "A file that rpcgen did not write has the name of one to be generated. It is never overwritten. Move it, or generate into another folder.",
  },
  "kept-output": {
    severity: "warning",
    explanation:
      "The output folder has generated files of a service that this run does not make, and it cannot be told whether another run makes them: their first line names a definition from the folder where that run began. They are kept. Delete them if nothing makes them any more. With a project file, rpcgen.yaml, a definition that is gone is known to be gone.",
  },
  "output-clash": {
    severity: "error",
    explanation:
      "The output folder has the generated files of a service, made from a definition that is there and is none of the inputs, and one of the inputs defines a service of the same name. Written over, the two would take turns. Rename one of the services, or give them different output folders. Where the former definition is not needed any more, delete it.",
  },
  "out-of-date": {
    severity: "error",
    explanation:
      "With --check, generated code is not what the definitions make of it: somebody changed one of the two. Run rpcgen generate and commit what it writes.",
    language: "sh",
    example: "rpcgen generate --check   # generated/demo/types.ts is out of date\n",
    fix: "rpcgen generate\n",
  },
  "unknown-template": {
    severity: "error",
    explanation:
      "The folder of templates has a file which replaces none of rpcgen's templates, so that it would do nothing. Its name, with its folder, must be that of a template in rpcgen's own templates/, such as rpcapi.ts.hbs or partials/doc.hbs.",
    language: "text",
    example: "templates/rpcapi.hbs\n",
    fix: "templates/rpcapi.ts.hbs\n",
  },
  "template-error": {
    severity: "error",
    explanation:
      "A template of yours failed while it was filled: it names something that the compiler does not give, calls a helper that is not there, or is no valid Handlebars. Templates decide nothing; compare it with the one of the same name that rpcgen ships.",
    language: "handlebars",
    example: "{{#if methods}}// {{names.api}}\n",
    fix: "{{#if methods}}// {{names.api}}{{/if}}\n",
  },
  "not-formatted": {
    severity: "error",
    explanation:
      "With rpcgen fmt --check, a definition is not in its canonical form: the order of keys, indentation, spaces and empty lines. Run rpcgen fmt; it changes neither what the definition says nor its comments.",
    example: "methods:\n  start:   {kind: cast}\n",
    fix: "methods:\n  start: { kind: cast }\n",
  },
  "unknown-service": {
    severity: "error",
    explanation:
      "A verb that works on one service was not told which, or was told one that the definitions do not have. Name it with --service; the message lists those that are there.",
  },
  "broken-promise": {
    severity: "error",
    explanation:
      "A client of one version does not work with a server of another which it should work with: rpcgen skew has tried. The message says which versions, and at which step; since, until, was and when_older of what it names decide that.",
    example:
      'versions: { "1.0": First version, "1.1": More. }\nmethods:\n  start: { kind: cast, params: { name: { type: string?, default: x, since: "1.1" } } }\n',
    fix: 'versions: { "1.0": First version, "1.1": More. }\nmethods:\n  start: { kind: cast, params: { name: { type: string?, default: null, since: "1.1" } } }\n',
  },
  "no-sample": {
    severity: "warning",
    explanation:
      "Arguments are made from their types for rpcgen skew, and none could be made that fits this one, such as a text for a pattern with a look-ahead. Servers do not check the arguments of the method until you give it an example.",
    example:
      'methods:\n  start: { kind: cast, params: { name: { type: string, pattern: "^(?=.*[0-9])(?=.*[a-z]{7})[a-z0-9]{9}$" } } }\n',
    fix: 'methods:\n  start: { kind: cast, params: { name: { type: string, pattern: "^(?=.*[0-9])(?=.*[a-z]{7})[a-z0-9]{9}$", example: abcdefgh1 } } }\n',
  },
  "typescript-syntax": {
    severity: "error",
    explanation:
      "The TypeScript file that was to be imported is not valid TypeScript, so that it cannot be understood. The compiler's own words are in the message.",
    language: "typescript",
    example: "export interface Desk {\n  open(name: string: Promise<void>;\n}\n",
    fix: "export interface Desk {\n  open(name: string): Promise<void>;\n}\n",
  },
  "unknown-interface": {
    severity: "error",
    explanation:
      "The TypeScript file that was to be imported has no interface of the name which --interface gives. The message names those that are close.",
    language: "typescript",
    example:
      "// rpcgen import typescript desk.ts --interface Dusk\nexport interface Desk {\n  open(name: string): Promise<void>;\n}\n",
    fix: "// rpcgen import typescript desk.ts --interface Desk\nexport interface Desk {\n  open(name: string): Promise<void>;\n}\n",
  },
  "not-a-class": {
    severity: "error",
    explanation:
      "The file has something else under the name of the class that rpcgen implement was to fill. Name another class with --class.",
    language: "typescript",
    example: "// rpcgen implement demo.ts --class demo\nexport const demo = {};\n",
    fix: "// rpcgen implement demo.ts --class Demo\nexport class Demo {}\n",
  },
  "several-classes": {
    severity: "error",
    explanation:
      "More than one class of the file implements the service's manager, and rpcgen implement changes one. Name it with --class.",
    language: "typescript",
    example:
      '// rpcgen implement demo.ts\nimport type { DemoManager } from "./generated/demo/index.js";\n\nexport class Demo implements DemoManager {}\nexport class Fake implements DemoManager {}\n',
    fix: '// rpcgen implement demo.ts --class Demo\nimport type { DemoManager } from "./generated/demo/index.js";\n\nexport class Demo implements DemoManager {}\nexport class Fake implements DemoManager {}\n',
  },
  "unseen-base-class": {
    severity: "error",
    explanation:
      "The class that rpcgen implement was to fill extends one from another file, which it does not read, so that nobody can say which methods are missing. Name the methods in the class itself, or implement the manager in a class of its own.",
    language: "typescript",
    example:
      'import type { DemoManager } from "./generated/demo/index.js";\nimport { Base } from "./base.js";\n\nexport class Demo extends Base implements DemoManager {}\n',
    fix: 'import type { DemoManager } from "./generated/demo/index.js";\nimport { Base } from "./base.js";\n\nexport class Demo implements DemoManager {\n  readonly #base = new Base();\n}\n',
  },
  "method-gone": {
    severity: "warning",
    explanation:
      "The class has a method which looks like one of the service's, and the service has none of that name any more. rpcgen implement removes nothing: delete it, or make it private where it is a helper.",
    language: "typescript",
    example:
      '// the definition has the method start alone\nimport type { RequestContext } from "@rpcgen/runtime";\nimport type { DemoManager } from "./generated/demo/index.js";\n\nexport class Demo implements DemoManager {\n  async start(context: RequestContext): Promise<void> {}\n  async stop(context: RequestContext): Promise<void> {}\n}\n',
    fix: '// the definition has the method start alone\nimport type { RequestContext } from "@rpcgen/runtime";\nimport type { DemoManager } from "./generated/demo/index.js";\n\nexport class Demo implements DemoManager {\n  async start(context: RequestContext): Promise<void> {}\n  private async stop(context: RequestContext): Promise<void> {}\n}\n',
  },
  "python-syntax": {
    severity: "error",
    explanation:
      "The Python file that was to be imported is not valid Python 3. Where a class that sends could still be read, this is a warning, and what is around the place may be missing from the draft.",
    language: "python",
    example:
      "class DeskAPI:\n    def open(self, ctxt, name)\n        self.client.prepare().cast(ctxt, 'open', name=name)\n",
    fix: "class DeskAPI:\n    def open(self, ctxt, name):\n        self.client.prepare().cast(ctxt, 'open', name=name)\n",
  },
  "unknown-class": {
    severity: "error",
    explanation:
      "The file that was to be imported has no class of the name which was given, or none that looks like an rpcapi class.",
    language: "python",
    example:
      "# rpcgen import python desk.py --class Desk\nclass DeskAPI:\n    def open(self, ctxt, name):\n        self.client.prepare().cast(ctxt, 'open', name=name)\n",
    fix: "# rpcgen import python desk.py --class DeskAPI\nclass DeskAPI:\n    def open(self, ctxt, name):\n        self.client.prepare().cast(ctxt, 'open', name=name)\n",
  },
} as const satisfies Record<string, RunMessage>;

/** What is known of such a mistake. */
interface RunMessage {
  readonly severity: "error" | "warning";
  readonly explanation: string;
  /** What has it. Absent where it is about a file, a disk, a device. */
  readonly example?: string;
  /** The same, put right. */
  readonly fix?: string;
  /** What both are written in. @default a definition */
  readonly language?: "typescript" | "python" | "handlebars" | "sh" | "text";
}
