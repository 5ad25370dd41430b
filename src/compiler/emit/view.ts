// Longer than others: what each template of a service is given stands in one place, as its author reads it.
import type { Service } from "../model.js";
import { type Comment, comment } from "./comment.js";
import { convertersOf } from "./converters.js";
import { descriptorLayout } from "./descriptor.js";
import { type EncodersCode, encodersOf } from "./encoders.js";
import { type Identifiers, identifiersOf } from "./identifiers.js";
import { type ImportedName, importLines } from "./imports.js";
import { group, indent, join, line, list, print, softline } from "./layout.js";
import { namesIn } from "./typescript.js";
import type { ValidatorsCode } from "./validators.js";
import { type ErrorView, errorView } from "./view-errors.js";
import {
  type ApiMethodView,
  apiMethodView,
  argsTypeName,
  handlerText,
  type ManagerMethodView,
  managerMethodView,
  optionsIn,
  periodicHandlerText,
  periodicMethodView,
  requestTypeName,
} from "./view-methods.js";
import { type Declaration, declarationsOf } from "./view-types.js";

/** What the view needs to know of the compiler's Config. */
export interface ViewConfig {
  readonly runtime: string;
  readonly importExtension: string;
}

/** One file to render: the template's name and what it is given. Templates decide nothing. */
export interface FileView {
  /** Relative to the output folder: `compute/rpcapi.ts`. */
  readonly path: string;
  /** `rpcapi.ts.hbs` */
  readonly template: string;
  readonly data: FileData;
}

/** What every template is given, beside its own. */
export interface FileData {
  /** The definition's file. */
  readonly source: string;
  readonly imports: readonly string[];
  readonly names: Identifiers;
  /** The definition's name of the service. */
  readonly service: string;
  /** `x-…` keys of the service, for templates of the user. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** All decisions about the files of one service. */
export function viewsOf(service: Service, validators: ValidatorsCode, config: ViewConfig): readonly FileView[] {
  const names = identifiersOf(service);
  const encoders = encodersOf(service, names.descriptor);
  const context: Context = { service, names, config, hasEncoders: encoders !== undefined };
  const declarations = declarationsOf(service, context.names);
  const hasErrors = service.errors.length > 0;
  return [
    descriptorFile(context),
    // A file without declarations would not be a module.
    ...(declarations.length > 0 ? [typesFile(context, declarations)] : []),
    ...(hasErrors ? [errorsFile(context)] : []),
    managerFile(context),
    apiFile(context),
    dispatcherFile(context),
    file<ValidatorsData>(context, "validators.ts", [runtimeImport(context, ["Validators"])], { validators }),
    ...(encoders === undefined ? [] : [encodersFile(context, encoders)]),
    indexFile(context, declarations.length > 0, hasErrors),
  ];
}

interface Context {
  readonly service: Service;
  readonly names: Identifiers;
  readonly config: ViewConfig;
  /** Whether there is a file of encoders, which client and dispatcher use. */
  readonly hasEncoders: boolean;
}

interface ValidatorsData {
  readonly validators: ValidatorsCode;
}

interface EncodersData {
  readonly table: string;
  readonly encoders: EncodersCode;
}

interface DescriptorData {
  readonly doc: Comment;
  readonly declaration: string;
}

interface TypesData {
  readonly declarations: readonly Declaration[];
}

interface ErrorsData {
  readonly errors: readonly ErrorView[];
}

interface ManagerData {
  readonly doc: Comment;
  readonly methods: readonly ManagerMethodView[];
}

interface ApiData {
  readonly doc: Comment;
  readonly constructorDoc: Comment;
  readonly constructorSignature: string;
  readonly constructorBody: string;
  readonly pinDoc: Comment;
  readonly pinSignature: string;
  readonly pinBody: string;
  readonly canSendDoc: Comment;
  readonly resetDoc: Comment;
  readonly methods: readonly ApiMethodView[];
}

interface DispatcherData {
  readonly doc: Comment;
  readonly signature: string;
  readonly handlers: readonly string[];
  readonly periodic: readonly string[];
  readonly hasEncoders: boolean;
}

interface IndexData {
  readonly exports: readonly string[];
}

function descriptorFile(context: Context): FileView {
  const { service, names } = context;
  const imports = [
    runtimeImport(context, ["ServiceDescriptor"]),
    ownImport(
      context,
      "errors",
      service.errors.map(({ name }) => ({ name, isType: false })),
    ),
  ];
  const text = `The ${service.name} service: names, versions and routes of its methods.`;
  const end = ` as const satisfies ServiceDescriptor;`;
  return file<DescriptorData>(context, "descriptor.ts", imports, {
    doc: comment({ text }, 0),
    declaration: print([`export const ${names.descriptor} = `, descriptorLayout(service), end]),
  });
}

function typesFile(context: Context, declarations: readonly Declaration[]): FileView {
  const usesConverter = declarations.some(({ name }) => name === context.names.converters);
  const imports = [runtimeImport(context, usesConverter ? ["Converter"] : [])];
  return file<TypesData>(context, "types.ts", imports, { declarations });
}

function errorsFile(context: Context): FileView {
  const { service } = context;
  const imports = [
    runtimeImport(context, ["DeclaredErrorDetails"], ["DeclaredError"]),
    typesImport(
      context,
      service.errors.flatMap(({ fields }) => fields.flatMap(({ type }) => namesIn(type))),
    ),
  ];
  const errors = service.errors.map((error) => errorView(service, error));
  return file<ErrorsData>(context, "errors.ts", imports, { errors });
}

function managerFile(context: Context): FileView {
  const { service } = context;
  const { methods, periodic } = service;
  const hasMembers = methods.length + periodic.length > 0;
  const imports = [
    runtimeImport(context, hasMembers ? ["ManagerHooks", "RequestContext"] : ["ManagerHooks"]),
    typesImport(context, [...requestNames(service), ...resultNames(service)]),
  ];
  const serves = `Implement this to serve the ${service.name} service.`;
  const text = service.description === undefined ? serves : `${service.description.trim()}\n\n${serves}`;
  return file<ManagerData>(context, "manager.ts", imports, {
    doc: comment({ text: joinShort(text) }, 0),
    methods: [
      ...methods.map((method) => managerMethodView(service, method)),
      ...periodic.map((task) => periodicMethodView(task)),
    ],
  });
}

function apiFile(context: Context): FileView {
  const { service, names } = context;
  const { methods } = service;
  const options = [...new Set(methods.flatMap(optionsIn))];
  const types = [
    "CanSend",
    "Pinned",
    "PinName",
    "RPCClientOptions",
    "Transport",
    ...(methods.length === 0 ? [] : ["Context"]),
    ...options,
  ];
  const args = methods.flatMap((method) => argsTypeName(method) ?? []);
  const converters = converterOption(context, "RPCClientOptions");
  const imports = [
    runtimeImport(context, types, ["pinned", "RPCClient"]),
    ownImport(context, "descriptor", [{ name: names.descriptor, isType: false }]),
    encodersImport(context),
    typesImport(context, [...args, ...resultNames(service), ...converters.imports]),
  ];
  const passed = ["transport", names.descriptor, "options", ...(context.hasEncoders ? ["encoders"] : [])];
  const example = methods[0]?.member ?? "method";
  const text = `Calls the ${service.name} service. A call resolves with the reply, a cast when the broker has taken the message.`;
  const rangeError =
    "{RangeError} when `options.versionCap` is no release of the definition, and no version of its majors";
  const canSend = `Tells for each method whether the version cap allows it: \`api.canSend.${example}()\`.`;
  const parameters = [`transport: Transport`, converters.parameter];
  const pinStart = `static pin<const Version extends PinName<typeof ${names.descriptor}>>`;
  const pinTypes = join([names.api, `typeof ${names.descriptor}`, "Version"], [",", line]);
  const pinType = group([": Pinned<", indent([softline, pinTypes]), softline, ">"]);
  const pinned = list("(", [`new ${names.api}(transport, { ...options, versionCap: version })`], ")");
  const pin = "A client at one version or release: its type lacks the methods and arguments which that version lacks.";
  const reset = 'Forgets the version that `versionCap: "auto"` has found: the next request asks the servers again.';
  return file<ApiData>(context, "rpcapi.ts", imports, {
    doc: comment({ text }, 0),
    constructorDoc: comment({ tags: [["throws", rangeError]] }, 1),
    constructorSignature: print(["constructor", list("(", parameters, ")"), " {"], 1),
    constructorBody: print(["this.#rpc = new RPCClient", list("(", passed, ")"), ";"], 2),
    pinDoc: comment({ text: pin }, 1),
    pinSignature: print([pinStart, list("(", ["version: Version", ...parameters], ")"), pinType, " {"], 1),
    pinBody: print(["return pinned", pinned, ";"], 2),
    canSendDoc: comment({ text: canSend }, 1),
    resetDoc: comment({ text: reset }, 1),
    methods: methods.map((method) => apiMethodView(service, method)),
  });
}

function dispatcherFile(context: Context): FileView {
  const { service, names } = context;
  const { methods, periodic } = service;
  const converters = converterOption(context, "DispatcherOptions");
  const imports = [
    runtimeImport(context, ["Dispatcher", "DispatcherOptions"], ["createDispatcher"]),
    ownImport(context, "descriptor", [{ name: names.descriptor, isType: false }]),
    encodersImport(context),
    ownImport(context, "manager", [{ name: names.manager, isType: true }]),
    typesImport(context, [...requestNames(service), ...converters.imports]),
    ownImport(context, "validators", [{ name: "validators", isType: false }]),
  ];
  const parameters = [`manager: ${names.manager}`, converters.parameter];
  const end = `: Dispatcher {`;
  return file<DispatcherData>(context, "dispatcher.ts", imports, {
    doc: comment({ text: `Serves the ${service.name} service: checks each request and hands it to the manager.` }, 0),
    signature: print([`export function ${names.dispatcher}`, list("(", parameters, ")"), end]),
    handlers: methods.map((method) => handlerText(service, method)),
    periodic: periodic.map(periodicHandlerText),
    hasEncoders: context.hasEncoders,
  });
}

function encodersFile(context: Context, encoders: EncodersCode): FileView {
  const { names } = context;
  const imports = [
    runtimeImport(context, ["Encoders"], ["createEncoders", ...encoders.helpers]),
    ownImport(context, "descriptor", [{ name: names.descriptor, isType: false }]),
    typesImport(context, encoders.types),
  ];
  const table = `export const encoders: Encoders = createEncoders(${names.descriptor}, {`;
  return file<EncodersData>(context, "encoders.ts", imports, { table, encoders });
}

function indexFile(context: Context, hasTypes: boolean, hasErrors: boolean): FileView {
  const { names } = context;
  const from = (stem: string): string => `from ${JSON.stringify(ownModule(context, stem))};`;
  return file<IndexData>(context, "index.ts", [], {
    exports: [
      `export { ${names.descriptor} } ${from("descriptor")}`,
      `export { ${names.dispatcher} } ${from("dispatcher")}`,
      ...(hasErrors ? [`export * ${from("errors")}`] : []),
      `export type { ${names.manager} } ${from("manager")}`,
      `export { ${names.api} } ${from("rpcapi")}`,
      ...(hasTypes ? [`export * ${from("types")}`] : []),
    ],
  });
}

/**
 * The last parameter of the client's constructor and the dispatcher's function. A dispatcher serves every version, so it
 * needs all converters; a client needs those of the versions that it sends, and says at its construction which it misses.
 */
function converterOption(
  { service, names: { converters } }: Context,
  type: "RPCClientOptions" | "DispatcherOptions",
): { parameter: string; imports: readonly string[] } {
  const all = convertersOf(service);
  const unused = type === "DispatcherOptions" ? all.filter(({ onlyRoutes }) => onlyRoutes) : [];
  if (all.length === unused.length) return { parameter: `options?: ${type}`, imports: [] };
  const names = unused.map(({ name }) => JSON.stringify(name)).join(" | ");
  const needed = names === "" ? converters : `Omit<${converters}, ${names}>`;
  const isRequired = type === "DispatcherOptions" || all.some(({ isCurrent }) => isCurrent);
  const parameter = isRequired
    ? `options: ${type} & { readonly converters: ${needed} }`
    : `options?: ${type} & { readonly converters?: Partial<${needed}> }`;
  return { parameter, imports: [converters] };
}

function requestNames(service: Service): readonly string[] {
  return service.methods.flatMap((method) => requestTypeName(service, method) ?? []);
}

/** The named types which results mention. */
function resultNames(service: Service): readonly string[] {
  return service.methods.flatMap((method) => namesIn(method.returns.type));
}

/** Two short paragraphs are one. */
function joinShort(text: string): string {
  const joined = text.replace("\n\n", " ");
  return joined.length <= 110 && !joined.includes("\n") ? joined : text;
}

function file<Data extends object>(
  context: Context,
  name: string,
  imports: readonly OneImport[],
  data: Data,
): FileView {
  const { service, names } = context;
  const common: FileData = {
    source: service.source.replace(/\s+/g, " "),
    imports: importLines(imports),
    names,
    service: service.name,
    extensions: service.extensions,
  };
  return { path: `${service.name}/${name}`, template: `${name}.hbs`, data: { ...common, ...data } };
}

interface OneImport {
  readonly module: string;
  readonly names: readonly ImportedName[];
}

function runtimeImport({ config }: Context, types: readonly string[], values: readonly string[] = []): OneImport {
  return {
    module: config.runtime,
    names: [...types.map((name) => ({ name, isType: true })), ...values.map((name) => ({ name, isType: false }))],
  };
}

function typesImport(context: Context, used: readonly string[]): OneImport {
  return ownImport(
    context,
    "types",
    [...new Set(used)].map((name) => ({ name, isType: true })),
  );
}

function encodersImport(context: Context): OneImport {
  return ownImport(context, "encoders", context.hasEncoders ? [{ name: "encoders", isType: false }] : []);
}

function ownImport(context: Context, stem: string, names: readonly ImportedName[]): OneImport {
  return { module: ownModule(context, stem), names };
}

function ownModule({ config }: Context, stem: string): string {
  return `./${stem}${config.importExtension}`;
}
