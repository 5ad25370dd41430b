import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Io, machineFiles, watchFolder } from "../../src/cli/io.js";
import { runProgram } from "../../src/cli/program.js";
import { memoryIo } from "./memory-io.js";

const greeter = `rpcapi: 1
service: greeter
topic: greeter
versions: { "1.0": First version. }
methods:
  greet: { kind: call, params: { name: string }, returns: string }
`;

const running: Watching[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.end();
});

/** `rpcgen generate --watch` on real files in a folder of its own. */
class Watching {
  readonly folder = mkdtempSync(join(tmpdir(), "rpcgen-watch-"));
  readonly code: Promise<number>;
  #printed = "";
  #seen = 0;
  #listener: (() => void) | undefined;
  #stop: (() => void) | undefined;

  constructor(texts: Readonly<Record<string, string>>, args: readonly string[] = []) {
    for (const [path, text] of Object.entries(texts)) this.write(path, text);
    const output = {
      isTTY: false,
      write: (text: string) => {
        this.#printed += text;
        this.#listener?.();
      },
    };
    const io: Io = {
      stdout: output,
      stderr: output,
      files: machineFiles,
      env: {},
      cwd: this.folder,
      home: this.folder,
      self: { folder: "/rpcgen", version: "1.2.3" },
      now: () => performance.now(),
      live: {
        watch: watchFolder,
        onStop: (stop) => {
          this.#stop = stop;
          return () => {
            this.#stop = undefined;
          };
        },
        after: (milliseconds, action) => {
          const timer = setTimeout(action, milliseconds);
          return () => clearTimeout(timer);
        },
        clock: () => "12:00:00",
      },
    };
    this.code = runProgram(["generate", "--watch", ...args], io);
    running.push(this);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Waits until what was printed after the last match has the text, and gives everything up to its end. */
  printed(text: string | RegExp): Promise<string> {
    return new Promise((resolve) => {
      this.#listener = () => {
        const rest = this.#printed.slice(this.#seen);
        const at = typeof text === "string" ? rest.indexOf(text) : rest.search(text);
        if (at === -1) return;
        const end = rest.indexOf("\n", at) + 1;
        if (end === 0) return;
        this.#seen += end;
        this.#listener = undefined;
        resolve(rest.slice(0, end));
      };
      this.#listener();
    });
  }

  stop(): void {
    this.#stop?.();
  }

  async end(): Promise<void> {
    this.stop();
    await this.code;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const project = { "rpcgen.yaml": "inputs: [schemas]\nout: generated\n", "schemas/greeter.yaml": greeter };

describe("rpcgen generate --watch", () => {
  it("generates at once, again after a change, and ends with 0 when it is stopped", async () => {
    const watching = new Watching(project);
    expect(await watching.printed("watching")).toMatch(
      /^12:00:00 generated: 8 files created, \d+ ms\nwatching 2 folders; Ctrl-C ends it\n$/,
    );
    watching.write("schemas/greeter.yaml", greeter.replace("greet:", "welcome:"));
    expect(await watching.printed("updated")).toMatch(/^12:00:00 generated: 7 files updated, 1 unchanged, \d+ ms\n$/);
    expect(watching.read("generated/greeter/manager.ts")).toContain("welcome(");
    watching.stop();
    expect(await watching.code).toBe(0);
  });

  it("shows mistakes, writes nothing, and goes on when they are put right", async () => {
    const watching = new Watching({
      ...project,
      "schemas/greeter.yaml": greeter.replace("name: string", "name: strng"),
    });
    const first = await watching.printed("waiting");
    expect(first).toContain('schemas/greeter.yaml:6:40: error unknown-type: there is no type "strng"');
    expect(first).toMatch(/12:00:00 1 error, waiting for changes\n$/);
    await watching.printed("watching");
    watching.write("schemas/greeter.yaml", greeter);
    expect(await watching.printed("12:00:00")).toContain("generated: 8 files created");
  });

  it("follows imported files outside of the inputs, also when an editor replaces them", async () => {
    const library = (type: string): string => `rpcapi: 1\ntypes:\n  Name: ${type}\n`;
    const watching = new Watching({
      ...project,
      "schemas/greeter.yaml": greeter
        .replace("methods:", "imports: [../shared/names.yaml]\nmethods:")
        .replace("name: string", "name: Name"),
      "shared/names.yaml": library("string"),
    });
    await watching.printed("watching");
    watching.write("shared/names.yaml.tmp", library("integer"));
    renameSync(join(watching.folder, "shared/names.yaml.tmp"), join(watching.folder, "shared/names.yaml"));
    await watching.printed("updated");
    expect(watching.read("generated/greeter/types.ts")).toContain("export type Name = number;");
  });

  it("takes new definitions in new folders, and takes away what removed ones have left", async () => {
    const watching = new Watching(project);
    await watching.printed("watching");
    watching.write("schemas/more/other.yaml", greeter.replace("service: greeter", "service: other"));
    await watching.printed("created");
    expect(watching.read("generated/other/manager.ts")).toContain("OtherManager");
    watching.write("schemas/more/other.yaml", greeter.replace("service: greeter", "service: another"));
    await watching.printed("8 removed");
    rmSync(join(watching.folder, "schemas/more"), { recursive: true });
    await watching.printed("8 files removed");
  });

  it("follows the project file and its templates", async () => {
    const watching = new Watching({
      ...project,
      "templates/partials/header.hbs": "// Code generated by rpcgen from {{source}}. DO NOT EDIT.\n",
    });
    await watching.printed("watching");
    watching.write("rpcgen.yaml", `${project["rpcgen.yaml"]}importExtension: .ts\n`);
    await watching.printed("updated");
    expect(watching.read("generated/greeter/manager.ts")).toContain("./types.ts");
    watching.write("rpcgen.yaml", `${project["rpcgen.yaml"]}templates: templates\n`);
    await watching.printed("updated");
    watching.write(
      "templates/partials/header.hbs",
      "// Code generated by rpcgen from {{source}}. DO NOT EDIT.\n// Ours.\n",
    );
    await watching.printed("updated");
    expect(watching.read("generated/greeter/manager.ts")).toContain("// Ours.");
  });

  it("waits where the folder of definitions is gone, until it is back", async () => {
    const watching = new Watching(project);
    await watching.printed("watching");
    rmSync(join(watching.folder, "schemas"), { recursive: true });
    expect(await watching.printed("waiting")).toMatch(/^error: .*there is no file or folder schemas\n/);
    watching.write("schemas/greeter.yaml", greeter.replace("greet:", "welcome:"));
    await watching.printed("updated");
  });

  it.each(["--check", "--diff", "--dry-run"])("is not for %s", async (option) => {
    const io = memoryIo(project);
    expect(await runProgram(["generate", "--watch", option], io)).toBe(2);
    expect(io.printed().stderr).toContain("error: --watch writes files and prints text\n");
  });

  it("ends with 2 at once when the command line itself is wrong", async () => {
    const watching = new Watching(project, ["nowhere"]);
    expect(await watching.code).toBe(2);
  });
});
