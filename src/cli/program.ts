import { Argument, Command, CommanderError, Option } from "commander";
import type { ExportKind } from "../compiler/exporters/index.js";
import type { Io } from "./io.js";
import { type ExitCode, exitCodes, Misuse } from "./misuse.js";
import { type Format, formats } from "./report.js";

/** Runs one command line, without the program's own name, and gives the exit code. Never throws. */
export async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.clean;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    // Of a command that it does not know, commander's help says nothing; whoever runs it hears what was meant.
    const [verb, topic] = argv;
    const isUnknown = verb === "help" && topic !== undefined && !isCommand(program, topic);
    await program.parseAsync(isUnknown ? argv.slice(1) : argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has printed what it has to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.misuse;
    if (error instanceof Misuse) {
      io.stderr.write(`error: ${error.message}\n${error.help === undefined ? "" : `help: ${error.help}\n`}`);
      return exitCodes.misuse;
    }
    const detail = error instanceof Error ? (argv.includes("--verbose") ? error.stack : error.message) : String(error);
    io.stderr.write(
      `error: rpcgen has a bug: ${detail}\nplease report it with the definition that caused it; --verbose shows more\n`,
    );
    return exitCodes.bug;
  }
}

function isCommand(program: Command, name: string): boolean {
  return name === "help" || name.startsWith("-") || program.commands.some((command) => command.name() === name);
}

/** The command line. Each command loads its own code when it runs, so that no verb pays for another. */
function createProgram(io: Io, done: (code: ExitCode) => void): Command {
  const program = new Command("rpcgen")
    .description("Compiles YAML service definitions into typed TypeScript RPC over RabbitMQ.")
    .version(io.self.version, "-V, --version", "print the version")
    .option("--verbose", "show the stack of an internal error")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .exitOverride();

  program
    .command("generate")
    .description("write the TypeScript of service definitions, only what has changed")
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .option("-o, --out <dir>", "output folder (default: out of the project file)")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .option("--check", "write nothing; list what would change and exit with 1 if anything would")
    .option("--diff", "write nothing; print what would change, line by line")
    .option("--dry-run", "write nothing; list what would change")
    .addOption(formatOption())
    .option("--timing", "print the time of each stage to stderr")
    .option("-w, --watch", "go on, and generate again whenever something changes")
    .addHelpText(
      "after",
      "\nExit codes: 0 clean, 1 mistakes in the definitions (or changes with --check), 2 a wrong command line.",
    )
    .action(async (inputs: string[], options: GenerateOptions) => {
      const { generate } = await import("./commands/generate.js");
      const { check = false, diff = false, dryRun = false, timing = false } = options;
      const request = { ...options, inputs, check, diff, dryRun, timing };
      done(
        options.watch === true
          ? await (await import("./commands/watch.js")).watch(request, io)
          : await generate(request, io),
      );
    });

  program
    .command("init")
    .description("make a project to start from: definition, manager, program, build")
    .argument("[dir]", "the project's folder", ".")
    .option("--name <name>", "the service's name", "greeter")
    .action(async (dir: string, options: { name: string }) => {
      const { init } = await import("./commands/init.js");
      done(await init({ dir, name: options.name }, io));
    });

  program
    .command("skew")
    .description("run every client version of a definition against every server version, and tell what does not work")
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .addOption(formatOption())
    .addHelpText(
      "after",
      "\nExit codes: 0 every client works with every server that is not older than its version cap, 1 it does not (or\nmistakes in the definitions), 2 a wrong command line.",
    )
    .action(async (inputs: string[], options: ReadingOptions) => {
      const { skew } = await import("./commands/skew.js");
      done(await skew({ ...options, inputs }, io));
    });

  program
    .command("history")
    .description("make Markdown of the versions of services: what each brought, and the releases that speak it")
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .option("-o, --out <path>", "a file that ends in .md, or a folder with one for each service (default: stdout)")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .option("--check", "write nothing; exit with 1 if a file is missing or out of date")
    .addOption(formatOption())
    .action(async (inputs: string[], options: ReadingOptions & { out?: string; check?: boolean }) => {
      const { history } = await import("./commands/history.js");
      done(await history({ ...options, inputs, check: options.check ?? false }, io));
    });

  program
    .command("docs")
    .description("write pages of HTML and Markdown that tell people about services")
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .requiredOption("-o, --out <dir>", "output folder; it is made when it does not exist")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .option("--check", "write nothing; list what would change and exit with 1 if anything would")
    .addOption(formatOption())
    .action(async (inputs: string[], options: DocumentsOptions) => {
      const { docs } = await import("./commands/docs.js");
      done(await docs({ ...options, inputs, check: options.check ?? false }, io));
    });

  program
    .command("export")
    .description("write service definitions as AsyncAPI 3.0, JSON Schema (2020-12) or OpenRPC 1.3")
    .addArgument(new Argument("<kind>", "what to write").choices(["asyncapi", "jsonschema", "openrpc"]))
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .requiredOption("-o, --out <dir>", "output folder; it is made when it does not exist")
    .option("--yaml", "write YAML instead of JSON")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .option("--check", "write nothing; list what would change and exit with 1 if anything would")
    .addOption(formatOption())
    .action(async (kind: ExportKind, inputs: string[], options: DocumentsOptions & { yaml?: boolean }) => {
      const { exportDocuments } = await import("./commands/export.js");
      const { check = false, yaml = false } = options;
      done(await exportDocuments({ ...options, kind, inputs, check, yaml }, io));
    });

  program
    .command("implement")
    .description("add to a class the methods which its service's manager lacks, and update signatures that changed")
    .argument("<file>", "the TypeScript file with the class; it is made where there is none")
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .option("--service <name>", "the service (default: the only one)")
    .option("--class <name>", "the class (default: the one that implements the manager)")
    .option("-o, --out <dir>", "where the generated code is (default: out of the project file)")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .option("--check", "write nothing; list what is missing and exit with 1 if anything is")
    .addOption(formatOption())
    .action(async (file: string, inputs: string[], options: ImplementOptions) => {
      const { implement } = await import("./commands/implement.js");
      const { class: className, check = false, ...rest } = options;
      done(await implement({ ...rest, ...(className === undefined ? {} : { className }), check, file, inputs }, io));
    });

  program
    .command("lint")
    .description("look at definitions as a careful reviewer would")
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .option("--fix", "mend what can be mended, keeping comments and layout")
    .option("--list", "print the rules and their groups")
    .option("--use <names>", "rules and groups, separated by commas (default: lint of the project file)", namesOf)
    .option("--except <names>", "rules and groups to leave out", namesOf)
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .addOption(formatOption())
    .addHelpText("after", "\nExit codes: 0 no findings, 1 findings, 2 a wrong command line.")
    .action(async (inputs: string[], options: LintOptions) => {
      const { lint } = await import("./commands/lint.js");
      const { fix = false, list = false } = options;
      done(await lint({ ...options, inputs, fix, list }, io));
    });

  program
    .command("breaking")
    .description("compare definitions with an earlier state: what breaks, and which version may carry the change")
    .argument("[inputs...]", "definition files, folders or globs (default: inputs of the project file)")
    .requiredOption("--against <state>", "the earlier state: a folder, a file, or a branch, tag or commit of git")
    .option("--fix-version", "write the version that the changes need, and since at what is new")
    .option("--strict", "take changes of the generated TypeScript as errors too")
    .option("--baseline <file>", "the breaks that are accepted (default: rpcgen-baseline.yaml, where there is one)")
    .option("--write-baseline", "accept every break that was found, and forget those that are gone")
    .option("--reason <text>", "why they are accepted (with --write-baseline)")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .addOption(formatOption())
    .addHelpText("after", "\nExit codes: 0 nothing breaks, 1 something does, 2 a wrong command line.")
    .action(async (inputs: string[], options: BreakingOptions) => {
      const { breaking } = await import("./commands/breaking.js");
      const { fixVersion = false, strict = false, writeBaseline = false } = options;
      done(await breaking({ ...options, inputs, fixVersion, strict, writeBaseline }, io));
    });

  program
    .command("fmt")
    .description("bring definitions into their canonical form")
    .argument("[inputs...]", "definition files, folders or globs; - for stdin (default: inputs of the project file)")
    .option("--check", "write nothing; exit with 1 if anything would change")
    .option("--diff", "write nothing; print what would change, line by line")
    .option("-c, --config <file>", "project file (default: rpcgen.yaml, where there is one)")
    .addOption(formatOption())
    .addHelpText(
      "after",
      "\nExit codes: 0 clean, 1 a file cannot be read (or changes with --check), 2 a wrong command line.",
    )
    .action(async (inputs: string[], options: FmtOptions) => {
      const { fmt } = await import("./commands/fmt.js");
      const { check = false, diff = false } = options;
      done(await fmt({ ...options, inputs, check, diff }, io));
    });

  program
    .command("explain")
    .description("say what a diagnostic or rule is about, with an example and the way out")
    .argument("[code]", "such as unknown-type (default: list all)")
    .addOption(new Option("--format <format>", "how it is printed").choices(explainFormats).default("text"))
    .action(async (code: string | undefined, { format }: { format: (typeof explainFormats)[number] }) => {
      const { explain } = await import("./commands/explain.js");
      done(await explain({ ...(code === undefined ? {} : { code }), format }, io));
    });

  addImporters(program, io, done);

  return program;
}

/** The name that GitHub gives to its annotations is understood too. */
function formatOption(): Option {
  const option = new Option("--format <format>", "how results are printed");
  option.choices([...formats.map((name) => (name === "github" ? "github-actions" : name)), "github"]).default("text");
  const check = option.parseArg;
  return option.argParser((given, before: unknown) => {
    check?.(given, before);
    return given === "github-actions" ? "github" : given;
  });
}

const explainFormats = ["text", "json", "markdown"] as const;

function namesOf(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

/** What commander makes of the options of `lint`. */
interface LintOptions {
  readonly fix?: boolean;
  readonly list?: boolean;
  readonly use?: string[];
  readonly except?: string[];
  readonly config?: string;
  readonly format: Format;
}

/** What commander makes of the options of `breaking`. */
interface BreakingOptions {
  readonly against: string;
  readonly fixVersion?: boolean;
  readonly strict?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly reason?: string;
  readonly config?: string;
  readonly format: Format;
}

/** What commander makes of the options of `fmt`. */
interface FmtOptions {
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly config?: string;
  readonly format: Format;
}

/** The verbs that make a definition of something else. */
function addImporters(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const importer = program.command("import").description("make a draft of a definition from code in another language");
  importer
    .command("typescript")
    .description("from a TypeScript interface whose methods return promises")
    .argument("<file>", "the file with the interface")
    .requiredOption("--interface <name>", "the interface")
    .option("--service <name>", "the service's name (default: made from the interface's)")
    .option("-o, --out <file>", "the definition to write (default: stdout)")
    .addOption(formatOption())
    .action(async (file: string, options: { interface: string; service?: string; out?: string; format: Format }) => {
      const { importTypeScript } = await import("./commands/import.js");
      done(await importTypeScript({ ...options, file }, io));
    });
  importer
    .command("python")
    .description("from a Python class that sends with oslo.messaging, such as a rpcapi.py")
    .argument("<file>", "the file with the class")
    .option("--class <name>", "the class (default: the only one that calls or casts)")
    .option("-o, --out <file>", "the definition to write (default: stdout)")
    .addOption(formatOption())
    .action(async (file: string, options: { class?: string; out?: string; format: Format }) => {
      const { importPython } = await import("./commands/import.js");
      const { class: className, ...rest } = options;
      done(await importPython({ ...rest, ...(className === undefined ? {} : { className }), file }, io));
    });
}

/** What commander makes of the options of `implement`. */
interface ImplementOptions extends ReadingOptions {
  readonly service?: string;
  readonly class?: string;
  readonly out?: string;
  readonly check?: boolean;
}

/** Options of verbs that read definitions. */
interface ReadingOptions {
  readonly config?: string;
  readonly format: Format;
}

interface DocumentsOptions extends ReadingOptions {
  readonly out: string;
  readonly check?: boolean;
}

/** What commander makes of the options above. */
interface GenerateOptions {
  readonly out?: string;
  readonly config?: string;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly dryRun?: boolean;
  readonly format: Format;
  readonly timing?: boolean;
  readonly watch?: boolean;
}
