/** What a run of the compiler may be told. The same inputs and the same Config give the same bytes everywhere. */
export interface Config {
  /** The package from which generated code imports the runtime. @default "@rpcgen/runtime" */
  readonly runtime: string;
  /** What relative imports of generated code end in. @default ".js" */
  readonly importExtension: ImportExtension;
  /** Prefix of the envelope's keys of versioned objects that name none. @default "versioned_object" */
  readonly objectPrefix: string;
  /** Texts of templates that replace ours, by their path in `templates/`: `rpcapi.ts.hbs`, `partials/doc.hbs`. @default {} */
  readonly templates: Readonly<Record<string, string>>;
}

/** `.js` as Node.js wants it, `.ts` for programs that run their sources, nothing for bundlers. */
export type ImportExtension = ".js" | ".ts" | "";

/** The Config where nobody says anything. */
export const defaultConfig: Config = {
  runtime: "@rpcgen/runtime",
  importExtension: ".js",
  objectPrefix: "versioned_object",
  templates: {},
};

/** Which lint rules look at definitions: rules and groups by name. */
export interface LintSettings {
  /** `default` stands for every group but strict. @default ["default"] */
  readonly use: readonly string[];
  /** Rules and groups that are left out again, and warnings of the compiler. @default [] */
  readonly except: readonly string[];
}

/** The rules where nobody says anything. */
export const lintDefaults: LintSettings = { use: ["default"], except: [] };

/** What `rpcgen.yaml` says. Paths are as they are written, relative to the file. */
export interface ProjectFile extends Omit<Config, "templates"> {
  /** Files, folders and globs. @default [] */
  readonly inputs: readonly string[];
  /** The output folder. */
  readonly out?: string;
  /** The folder of templates that replace ours. */
  readonly templates?: string;
  /** @default every lint rule that is not strict */
  readonly lint?: LintSettings;
}

/** The project file where there is none. */
export const projectDefaults: ProjectFile = {
  runtime: defaultConfig.runtime,
  importExtension: defaultConfig.importExtension,
  objectPrefix: defaultConfig.objectPrefix,
  inputs: [],
};
