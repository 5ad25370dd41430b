import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A definition whose program says hello. */
export const definition = `rpcapi: 1
service: greeter
topic: greeter
versions: { "1.0": First version. }
methods:
  greet: { kind: call, params: { name: string }, returns: string }
`;

/** Serves the definition and calls it, in one process; `from` is where the generated code is. */
export const program = (from: string): string => `import { createTransport, Service } from "@rpcgen/runtime";
import { createGreeterDispatcher, GreeterAPI, type GreeterManager } from "${from}";

const manager: GreeterManager = { greet: async (_context, { name }) => \`Hello, \${name}!\` };
const transport = createTransport("memory://");
const endpoints = [createGreeterDispatcher(manager)];
const service = await Service.create({ binary: "greeter", host: "localhost", transport, endpoints });
await service.start();
console.log(await new GreeterAPI(transport).greet({ request_id: "first" }, { name: "world" }));
await service.stop();
await transport.close();
`;

/** What compiles a program for Node.js. */
export const tsconfig = JSON.stringify({
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    types: ["node"],
    strict: true,
    skipLibCheck: true,
    rootDir: "src",
    outDir: "dist",
  },
  include: ["src"],
});

/** How a command of a project ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A project in a folder of its own, with this checkout's packages as an installation would have them. */
export class BuildProject {
  readonly folder: string;

  /** @param tools names of packages with a command: `esbuild` */
  constructor(files: Readonly<Record<string, string | object>>, tools: readonly string[]) {
    if (!existsSync(join(root, "dist/cli/main.js"))) throw new Error("run npm run build first");
    this.folder = mkdtempSync(join(tmpdir(), "rpcgen-build-"));
    for (const [path, content] of Object.entries(files)) {
      this.write(path, typeof content === "string" ? content : JSON.stringify(content));
    }
    const modules = join(this.folder, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    mkdirSync(join(modules, "@types"));
    for (const name of ["dist", "package.json"]) {
      cpSync(join(root, "src/runtime", name), join(modules, "@rpcgen/runtime", name), { recursive: true });
    }
    for (const name of ["amqplib", "@types/node", "undici-types", ...tools]) {
      if (existsSync(join(root, "node_modules", name)))
        symlinkSync(join(root, "node_modules", name), join(modules, name));
    }
    for (const tool of ["tsc", ...tools])
      symlinkSync(join(root, "node_modules/.bin", tool), join(modules, ".bin", tool));
    const rpcgen = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "dist/cli/main.js")}" "$@"\n`;
    writeFileSync(join(modules, ".bin/rpcgen"), rpcgen, { mode: 0o755 });
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** Links one package of the project into its node_modules, as npm does with workspaces. */
  link(name: string, path: string): void {
    mkdirSync(dirname(join(this.folder, "node_modules", name)), { recursive: true });
    symlinkSync(join(this.folder, path), join(this.folder, "node_modules", name));
  }

  npm(...args: readonly string[]): Promise<Ended> {
    return this.#run("npm", args);
  }

  node(...args: readonly string[]): Promise<Ended> {
    return this.#run(process.execPath, args);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(command: string, args: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (chunk: string) => {
          output += chunk;
        });
      }
      child.on("error", reject).on("close", (code) => resolve({ code, output }));
    });
  }
}
