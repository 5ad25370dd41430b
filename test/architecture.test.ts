import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";
import { describe, expect, it } from "vitest";

/**
 * The dependency rule. A half is a list of layers from the bottom to the top; a file may import its own layer, those
 * below, and the packages of its layer. A new file must be put into a layer here, which is the moment to ask where it
 * belongs.
 */
interface Layer {
  readonly name: string;
  /** Paths below `src/`; a folder ends with a slash and stands for all that is in it. */
  readonly files: readonly string[];
  readonly packages?: readonly string[];
  /** The only layers that may be imported beside its own, where that is less than all layers below. */
  readonly below?: readonly string[];
}

const compiler: readonly Layer[] = [
  {
    name: "words",
    files: files(
      "compiler",
      "source diagnostic model versions names suggest durations formats converters routes config",
    ),
  },
  { name: "messages", files: [...files("compiler", "messages report"), "compiler/messages/"] },
  {
    name: "load",
    files: files("compiler", "document load imports comments ignore-comments"),
    packages: ["yaml", "node:path"],
  },
  { name: "printed", files: ["compiler/generated/"] },
  { name: "validate", files: files("compiler", "validate shape-words project-file"), packages: ["ajv", "node:module"] },
  {
    name: "resolve",
    files: files(
      "compiler",
      "types constraints raw-schema values fields former-objects named-types error-types intervals rules paths params methods timeouts service-scope refusals recursion reached clashes resolve",
    ),
    packages: ["ajv", "node:module"],
  },
  { name: "history", files: ["compiler/history/"] },
  { name: "analyze", files: files("compiler", "analyze") },
  {
    name: "emit",
    files: ["compiler/emit/"],
    packages: ["ajv", "handlebars", "node:module", "node:path"],
    below: ["words", "printed"],
  },
  {
    name: "lint",
    files: ["compiler/lint/"],
    packages: ["node:path"],
    below: ["words", "messages", "load", "resolve", "analyze"],
  },
  {
    name: "breaking",
    files: ["compiler/breaking/"],
    packages: ["yaml"],
    below: ["words", "load", "resolve", "lint"],
  },
  { name: "format", files: ["compiler/format/"], below: ["words", "load"] },
  { name: "samples", files: ["compiler/samples/"], below: ["words", "emit"] },
  {
    name: "implement",
    files: ["compiler/implement/"],
    packages: ["ts-morph", "node:path"],
    below: ["words", "analyze", "emit"],
  },
  {
    name: "documents",
    files: ["compiler/docs/", "compiler/exporters/"],
    packages: ["node:crypto", "yaml"],
    below: ["words", "printed", "resolve", "analyze", "emit", "history", "samples"],
  },
  { name: "catalogue", files: files("compiler", "catalogue catalogue-markdown") },
  {
    name: "importers",
    files: ["compiler/importers/"],
    packages: ["ts-morph", "@lezer/common", "@lezer/python", "yaml", "node:path"],
    below: ["words", "load", "format"],
  },
  { name: "library", files: files("compiler", "compile histories index"), packages: ["node:path"] },
];

const cli: readonly Layer[] = [
  {
    name: "the world",
    files: files("cli", "io misuse processes"),
    packages: ["node:child_process", "node:fs", "node:module", "node:path"],
  },
  {
    name: "parts",
    files: files(
      "cli",
      "places frame report report-findings replace-file sarif diff cache inputs leftovers overwritten project definitions git against accepted starter stopwatch",
    ),
    packages: ["node:path", "node:crypto", "node:url", "picomatch"],
  },
  {
    name: "commands",
    files: [
      "cli/commands/",
      "cli/report-generate.ts",
      "cli/report-skew.ts",
      "cli/report-history.ts",
      "cli/report-breaking.ts",
      "cli/skew-table.ts",
    ],
    packages: ["node:path", "node:crypto"],
  },
  { name: "program", files: files("cli", "program"), packages: ["commander"] },
  { name: "main", files: files("cli", "main"), packages: ["node:fs", "node:os", "node:url"] },
];

const runtime: readonly Layer[] = [
  {
    name: "words",
    files: files(
      "runtime",
      "target validator context logger metrics sensitive errors descriptor version id cancel-signal deadline recent-ids semaphore request-context turn violations",
    ),
    packages: ["node:crypto"],
  },
  { name: "wire", files: ["runtime/wire/"], packages: ["node:buffer", "node:crypto", "node:zlib"] },
  { name: "transport", files: files("runtime", "transport transport-options transport-stats"), below: ["words"] },
  {
    name: "memory",
    files: ["runtime/memory/"],
    packages: ["node:crypto"],
    below: ["words", "transport"],
  },
  {
    name: "amqp",
    files: ["runtime/amqp/"],
    packages: [
      "amqplib",
      "node:crypto",
      "node:fs/promises",
      "node:path",
      "node:stream",
      "node:timers/promises",
      "node:tls",
    ],
    below: ["words", "transport"],
  },
  {
    name: "rpc",
    files: files(
      "runtime",
      "client replies dispatcher server interceptor codec converters paths routing sent-param sending receiving encoding failures reply-sender periodic operation publishing repeating call redelivery request-runner auto-cap describe oversized pinned",
    ),
    packages: ["node:events", "node:timers/promises", "node:util"],
    below: ["words", "wire", "transport"],
  },
  {
    name: "host",
    files: files("runtime", "create-transport service serve worker workers worker-messages"),
    packages: ["node:child_process", "node:os"],
  },
  { name: "testing", files: ["runtime/testing/"] },
  { name: "health", files: ["runtime/health/"], packages: ["node:http"] },
  { name: "otel", files: ["runtime/otel/"], packages: ["@opentelemetry/api"] },
  { name: "library", files: files("runtime", "index") },
];

/** Runs every pair of client and server of a definition: the one place that knows both halves. */
const skew: readonly Layer[] = [
  {
    name: "skew",
    files: ["skew/"],
    packages: ["@rpcgen/runtime", "@rpcgen/runtime/testing", "node:crypto"],
  },
];

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = filesBelow("src");
const imports = new Map(sources.map((path) => [path, importsOf(path)]));

describe("the dependency rule", () => {
  it("gives every file of src a layer, and no layer a file that does not exist", () => {
    const layers = [...compiler, ...cli, ...runtime, ...skew];
    const homeless = sources.filter((path) => layers.filter((layer) => isIn(path, layer)).length !== 1);
    expect(homeless, "belong to no layer, or to two").toEqual([]);
    const empty = layers.flatMap((layer) => layer.files.filter((file) => !sources.some((path) => holds(file, path))));
    expect(empty, "stand in a layer and do not exist").toEqual([]);
  });

  it.each([
    ["compiler", compiler, []],
    ["cli", cli, [...compiler, ...skew]],
    ["skew", skew, compiler],
    ["runtime", runtime, []],
  ] as const)("lets files of the %s import only what is below them", (half, layers, others) => {
    const wrong: string[] = [];
    for (const [path, found] of imports) {
      const index = layers.findIndex((layer) => isIn(path, layer));
      const own = layers[index];
      if (!path.startsWith(`${half}/`) || own === undefined) continue;
      const allowed = layers.slice(0, index + 1).filter(({ name }) => own.below?.includes(name) ?? true);
      for (const { target } of found) {
        const isAllowed = target.startsWith("package:")
          ? (own.packages ?? []).includes(packageOf(target))
          : [...allowed, own, ...others].some((layer) => isIn(target, layer));
        if (!isAllowed) wrong.push(`${path} (${own.name}) imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("knows no circles: nothing that runs needs itself", () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      if (done.has(path)) return;
      done.add(path);
      for (const { target, typeOnly } of imports.get(path) ?? []) if (!typeOnly) visit(target, [...trail, path]);
    };
    for (const path of sources) visit(path, []);
    expect(circles).toEqual([]);
  });

  it("lets generated code import the runtime and its own folder alone", () => {
    const wrong = filesBelow("generated").flatMap((path) =>
      specifiersOf(join(root, "generated", path))
        .map(({ text }) => text)
        .filter((text) => text !== "@rpcgen/runtime" && !/^\.\/[^/]+$/.test(text))
        .map((text) => `${path} imports ${text}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps the process and the console out of compiler and command line, but for main.ts", () => {
    const wrong = sources.filter(
      (path) => /^(compiler|cli)\//.test(path) && path !== "cli/main.ts" && uses(path, ["process", "console"]),
    );
    expect(wrong).toEqual([]);
  });
});

function files(half: string, names: string): readonly string[] {
  return names.split(" ").map((name) => `${half}/${name}.ts`);
}

function isIn(path: string, layer: Layer): boolean {
  return layer.files.some((file) => holds(file, path));
}

function holds(file: string, path: string): boolean {
  return file.endsWith("/") ? path.startsWith(file) : path === file;
}

/** `package:ajv/dist/core.js` is of the package ajv, `package:@scope/name/x` of @scope/name; Node's modules are whole. */
function packageOf(target: string): string {
  const name = target.slice("package:".length);
  if (name.startsWith("node:") || name === "@rpcgen/runtime/testing") return name;
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(dist|node_modules)\//.test(path))
    .sort();
}

function importsOf(path: string): readonly { readonly target: string; readonly typeOnly: boolean }[] {
  return specifiersOf(join(root, "src", path)).map(({ text, typeOnly }) => ({
    target: text.startsWith(".") ? posix.join(dirname(path), text).replace(/\.js$/, ".ts") : `package:${text}`,
    typeOnly,
  }));
}

/** What a file imports, exports from elsewhere, loads when it is needed, or requires. */
function specifiersOf(path: string): readonly { readonly text: string; readonly typeOnly: boolean }[] {
  const found: { text: string; typeOnly: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const { moduleSpecifier } = node;
      if (moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)) {
        found.push({ text: moduleSpecifier.text, typeOnly: isTypeOnly(node) });
      }
    } else if (ts.isCallExpression(node) && isLoading(node.expression)) {
      const [argument] = node.arguments;
      // Something that is put together at run time could be anything.
      visitLoaded(argument, path, found);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) found.push({ text: literal.text, typeOnly: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(path));
  return found;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const { importClause } = node;
  if (importClause === undefined) return false;
  if (importClause.isTypeOnly) return true;
  const { namedBindings } = importClause;
  return (
    importClause.name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function isLoading(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");
}

/** Every text in the argument of `import()` or `require()`, which may choose between two. */
function visitLoaded(node: ts.Node | undefined, path: string, found: { text: string; typeOnly: boolean }[]): void {
  const texts: string[] = [];
  const collect = (at: ts.Node): void => {
    if (ts.isStringLiteral(at)) texts.push(at.text);
    ts.forEachChild(at, collect);
  };
  if (node !== undefined) collect(node);
  if (texts.length === 0) throw new Error(`${path} loads something that cannot be seen here`);
  found.push(...texts.map((text) => ({ text, typeOnly: false })));
}

function uses(path: string, globals: readonly string[]): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && globals.includes(node.text) && !isName(node)) found = true;
    ts.forEachChild(node, visit);
  };
  visit(parse(join(root, "src", path)));
  return found;
}

/** Names a member or declares something, and refers to nothing: `process` in `{ process: 1 }` and in `x.process`. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  return !ts.isShorthandPropertyAssignment(parent) && "name" in parent && parent.name === node;
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}
