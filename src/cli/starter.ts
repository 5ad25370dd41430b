import { camelCase, pascalCase } from "../compiler/names.js";

/** One file of a new project, with its path in the project. */
export interface StarterFile {
  readonly path: string;
  readonly text: string;
}

/** What a project's package.json needs beside what the user has in it. */
export interface StarterManifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * The files of a project to start from, without its package.json.
 *
 * @param name the service's name in the definition: `greeter`
 */
export function starterFiles(name: string): readonly StarterFile[] {
  const names = { name, Name: pascalCase(name), member: camelCase(name) };
  return [
    { path: `schemas/${name}.yaml`, text: definition(names) },
    { path: "rpcgen.yaml", text: projectFile },
    { path: "src/manager.ts", text: manager(names) },
    { path: "src/main.ts", text: program(names) },
    { path: "tsconfig.json", text: compilerOptions },
    { path: ".gitignore", text: "node_modules/\ndist/\n" },
    { path: "README.md", text: readme(names) },
  ];
}

/** @param version rpcgen's own; the runtime has the same */
export function starterManifest(version: string): StarterManifest {
  return {
    scripts: {
      generate: "rpcgen generate",
      prebuild: "npm run generate",
      build: "tsc",
      start: "node dist/main.js",
    },
    dependencies: { "@rpcgen/runtime": `^${version}` },
    devDependencies: { "@types/node": "^20.19.0", rpcgen: `^${version}`, typescript: ">=5.9" },
  };
}

interface Names {
  /** As in the definition: `greeter`. */
  readonly name: string;
  /** As in types: `Greeter`. */
  readonly Name: string;
  /** As a variable: `greeter`. */
  readonly member: string;
}

function definition({ name }: Names): string {
  return `# yaml-language-server: $schema=../node_modules/rpcgen/schemas/service.schema.json
rpcapi: 1
service: ${name}
description: Greets people in the languages that it has learned.
topic: ${name}

versions:
  "1.0": First version.

errors:
  UnknownLanguage:
    description: Nobody has taught this language yet.
    wire: ${name}.exception.UnknownLanguage
    message: No greeting in the language {language} is known.
    fields: { language: string }

methods:
  greet:
    description: Returns a greeting.
    kind: call
    params:
      name: { type: string, minLength: 1, description: Who is greeted. }
      language: { type: string, default: en }
    returns: string
    errors: [UnknownLanguage]
    idempotent: true

  learn_language:
    description: Learns to greet in one more language.
    kind: cast
    params:
      language: string
      greeting: { type: string, description: The word before the name. }
`;
}

const projectFile = `# yaml-language-server: $schema=./node_modules/rpcgen/schemas/config.schema.json
inputs: [schemas]
out: src/generated
`;

function manager({ name, Name }: Names): string {
  return `import type { RequestContext } from "@rpcgen/runtime";
import {
  type ${Name}Manager,
  type GreetRequest,
  type LearnLanguageArgs,
  UnknownLanguage,
} from "./generated/${name}/index.js";

/** Implements the service: one method for each in schemas/${name}.yaml. */
export class Polite${Name} implements ${Name}Manager {
  readonly #greetings = new Map([["en", "Hello"]]);

  async greet(_context: RequestContext, { name, language }: GreetRequest): Promise<string> {
    const greeting = this.#greetings.get(language);
    // The client gets the same class, with its fields.
    if (greeting === undefined) throw new UnknownLanguage({ language });
    return \`\${greeting}, \${name}!\`;
  }

  async learnLanguage(_context: RequestContext, { language, greeting }: LearnLanguageArgs): Promise<void> {
    this.#greetings.set(language, greeting);
  }
}
`;
}

function program({ name, Name, member }: Names): string {
  return `import { createTransport, Service, serve } from "@rpcgen/runtime";
import { create${Name}Dispatcher, ${Name}API, UnknownLanguage } from "./generated/${name}/index.js";
import { Polite${Name} } from "./manager.js";

// memory:// stays in this process. RPC_URL=rabbit://guest:guest@localhost/ reaches every process on that broker.
const url = process.env.RPC_URL;
const silent = () => {};
// Says when the broker cannot be reached. A pino logger fits as it is.
const logger = { debug: silent, info: silent, warn: console.warn, error: console.error };
const transport = createTransport(url ?? "memory://", { logger });
const service = await Service.create({
  binary: "${name}",
  host: "localhost",
  transport,
  logger,
  endpoints: [create${Name}Dispatcher(new Polite${Name}())],
});
await service.start();

const ${member} = new ${Name}API(transport);
const context = { request_id: "first" };
console.log(await ${member}.greet(context, { name: "world" }));

try {
  await ${member}.greet(context, { name: "mondo", language: "eo" });
} catch (error) {
  if (!(error instanceof UnknownLanguage)) throw error;
  console.log(error.message);
}

await ${member}.learnLanguage(context, { language: "eo", greeting: "Saluton" });
console.log(await ${member}.greet(context, { name: "mondo", language: "eo" }));

if (url === undefined) {
  await service.stop();
} else {
  console.log("Serving until Ctrl-C.");
  await serve(service);
}
await transport.close();
`;
}

const compilerOptions = `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "verbatimModuleSyntax": true,
    "skipLibCheck": true,
    "rootDir": "src",
    "outDir": "dist"
  },
  "include": ["src"]
}
`;

function readme({ name, Name }: Names): string {
  return `# ${name}

\`\`\`sh
npm install
npm run build    # generates src/generated from schemas, then compiles
npm start        # serves and calls itself, in one process
\`\`\`

With \`RPC_URL=rabbit://guest:guest@localhost/ npm start\` the same program serves on a RabbitMQ broker until it is stopped.

- \`schemas/${name}.yaml\` defines the service. Change it, and \`npm run build\` says what no longer fits.
- \`src/manager.ts\` implements it.
- \`src/main.ts\` serves it and calls it through \`${Name}API\`.
- \`src/generated\` belongs to rpcgen. Commit it, so that reviews show what a change of the definition means.
`;
}
