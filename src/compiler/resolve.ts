import {
  checkConverters,
  checkErrorWires,
  checkMembers,
  checkMethodNames,
  checkServices,
  checkTypeNames,
} from "./clashes.js";
import type { Staged } from "./diagnostic.js";
import { booleanOf, child, type Entry, entriesOf, textOf } from "./document.js";
import { readErrorType } from "./error-types.js";
import { type DeclarationScope, optionalText, readExtensions } from "./fields.js";
import { type LinkedFile, type Loaded, link, withImports } from "./imports.js";
import { readReleases, readVersions, type VersionScope, versionScope } from "./intervals.js";
import { readMethod } from "./methods.js";
import type { ErrorType, Method, Model, NamedType, Service, TimeoutProfile } from "./model.js";
import { readNamedType } from "./named-types.js";
import { namePatterns, pascalCase } from "./names.js";
import { reachedTypes } from "./reached.js";
import { checkRecursion } from "./recursion.js";
import { createReporter, type Reporter } from "./report.js";
import type { ServiceScope } from "./service-scope.js";
import { readPeriodic, readProfiles } from "./timeouts.js";

/** What meaning depends on beside the definitions. */
export interface ResolveOptions {
  /** Prefix of the envelope's keys of versioned objects that name none. @default "versioned_object" */
  readonly objectPrefix?: string;
}

/**
 * Finds out what definitions mean. The Model is complete where there is no error among the diagnostics of all stages;
 * otherwise it has what could be understood.
 */
export function resolve(loaded: Loaded, options: ResolveOptions = {}): Staged<Model> {
  const reporter = createReporter();
  const files = link(loaded, reporter);
  const types = readTypes(files, options.objectPrefix ?? "versioned_object", reporter);
  const services: Service[] = [];
  const covered = new Set<LinkedFile>();
  for (const file of files) {
    if (textOf(child(file.document.root, "service")) === undefined) continue;
    for (const one of withImports(file)) covered.add(one);
    const service = readService(file, types, reporter);
    if (service !== undefined) services.push(service);
  }
  for (const file of files) if (!covered.has(file)) readLibrary(file, types, reporter);
  for (const file of files) checkLibraryKeys(file, reporter);
  const [first] = files;
  if (first !== undefined && loaded.broken.size === 0 && !files.some(hasService)) {
    reporter.report("no-service", { path: first.document.path, start: 0, end: 0 });
  }
  services.sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
  checkServices(services, reporter);
  return { value: { services }, diagnostics: reporter.diagnostics };
}

// ------------------------------------------------------------------------------------------------------------- types

/** The types of every file, by the file, and what a name means in it. */
interface TypesOf {
  readonly own: ReadonlyMap<LinkedFile, readonly NamedType[]>;
  readonly scopes: ReadonlyMap<LinkedFile, DeclarationScope>;
}

function readTypes(files: readonly LinkedFile[], objectPrefix: string, reporter: Reporter): TypesOf {
  const own = new Map<LinkedFile, readonly NamedType[]>();
  const scopes = new Map<LinkedFile, DeclarationScope>();
  const checks: (() => void)[] = [];
  for (const file of files) {
    const declared = declarations(file, "types", reporter);
    const resolved = new Map<string, NamedType>();
    for (const imported of withImports(file))
      for (const named of own.get(imported) ?? []) resolved.set(named.name, named);
    const scope: DeclarationScope = {
      names: { has: (name) => declared.has(name), all: () => declared.keys(), incomplete: file.incomplete },
      lookup: (name) => resolved.get(name),
      reporter,
      later: (check) => checks.push(check),
      path: file.document.path,
    };
    const types: NamedType[] = [];
    for (const entry of entriesOf(child(file.document.root, "types"))) {
      const named = readNamedType(entry, objectPrefix, scope);
      if (named === undefined) continue;
      types.push(named);
      resolved.set(named.name, named);
    }
    own.set(file, types);
    scopes.set(file, scope);
    checkRecursion(types, scope.lookup, reporter);
  }
  for (const check of checks) check();
  return { own, scopes };
}

/** The entries of a section which a file sees: its own and those of its imports. Reports names that two files declare. */
function declarations(
  file: LinkedFile,
  section: string,
  reporter: Reporter,
): Map<string, { entry: Entry; file: LinkedFile }> {
  const found = new Map<string, { entry: Entry; file: LinkedFile }>();
  for (const from of withImports(file)) {
    // What a service offers to others are its types and errors; its methods stay its own.
    if (from !== file && hasService(from) && section !== "types" && section !== "errors") continue;
    for (const entry of entriesOf(child(from.document.root, section))) {
      const earlier = found.get(entry.key);
      if (earlier === undefined) found.set(entry.key, { entry, file: from });
      else {
        const related = [{ message: "first declared here", range: earlier.entry.keyNode.range }];
        reporter.report("name-clash", { range: entry.keyNode.range, related }, { name: entry.key, section });
      }
    }
  }
  return found;
}

function hasService(file: LinkedFile): boolean {
  return child(file.document.root, "service") !== undefined;
}

// ---------------------------------------------------------------------------------------------------------- services

function readService(file: LinkedFile, types: TypesOf, reporter: Reporter): Service | undefined {
  const { root, path } = file.document;
  const nameNode = child(root, "service");
  const name = textOf(nameNode) ?? "";
  const { pattern, like } = namePatterns.service;
  if (nameNode !== undefined && !pattern.test(name)) {
    const repaired = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
    const better = pattern.test(repaired) && repaired !== name ? repaired : undefined;
    reporter.report("bad-name", nameNode.range, { kind: "service", name, like, repaired: better });
  }
  const versions = readVersions(child(root, "versions"), reporter);
  const read = readBehaviour(file, name, versions, types, reporter);
  const periodic = readPeriodic(child(root, "periodic"), reporter);
  const service: Service = {
    name,
    typeName: pascalCase(name),
    ...optionalText(root, "description"),
    topic: textOf(child(root, "topic")) ?? name,
    ...optionalText(root, "exchange"),
    ...optionalText(root, "namespace"),
    versions: versions.entries,
    releases: readReleases(child(root, "releases"), versions, reporter),
    timeouts: read.profiles,
    errors: read.errors,
    types: reachedTypes(
      withImports(file).flatMap((one) => types.own.get(one) ?? []),
      read.methods,
      read.errors,
    ),
    methods: read.methods,
    periodic,
    extensions: readExtensions(root),
    source: path,
    range: nameNode?.range ?? root.range,
  };
  checkMembers(read.methods, periodic, reporter);
  checkMethodNames(read.methods, versions, reporter);
  checkTypeNames(service, reporter);
  checkErrorWires(read.errors, reporter);
  checkConverters(read.methods, reporter);
  return service;
}

/** A library that no service imports is read all the same, for its mistakes; its versions are nobody's. */
function readLibrary(file: LinkedFile, types: TypesOf, reporter: Reporter): void {
  readBehaviour(file, "library", versionScope([], false), types, reporter);
}

interface Behaviour {
  readonly profiles: readonly TimeoutProfile[];
  readonly errors: readonly ErrorType[];
  readonly methods: readonly Method[];
}

function readBehaviour(
  file: LinkedFile,
  service: string,
  versions: VersionScope,
  types: TypesOf,
  reporter: Reporter,
): Behaviour {
  const errorEntries = declarations(file, "errors", reporter);
  const methodEntries = declarations(file, "methods", reporter);
  const profileEntries = declarations(file, "timeouts", reporter);
  const sendDefaults = booleanOf(child(file.document.root, "send_defaults")) ?? false;
  const checks: (() => void)[] = [];
  const profiles = withImports(file).flatMap((one) =>
    one === file || !hasService(one) ? readProfiles(child(one.document.root, "timeouts"), reporter) : [],
  );
  const scopeOf = (declaredIn: LinkedFile): ServiceScope | undefined => {
    const scope = types.scopes.get(declaredIn);
    return scope === undefined
      ? undefined
      : {
          ...scope,
          // An imported method may name errors and profiles of the service that it joins.
          names: { ...scope.names, incomplete: file.incomplete },
          later: (check) => checks.push(check),
          versions: declaredIn === file || !hasService(declaredIn) ? versions : versionScope([], false),
          service,
          hasError: (name) => errorEntries.has(name),
          errorType: (name) => errorsByName.get(name),
          errorNames: () => errorEntries.keys(),
          sendDefaults,
          hasProfile: (name) => profileEntries.has(name),
          profileNames: () => profileEntries.keys(),
        };
  };
  const readAll = <T>(
    entries: ReturnType<typeof declarations>,
    read: (entry: Entry, scope: ServiceScope) => T | undefined,
  ): T[] =>
    [...entries.values()].flatMap(({ entry, file: declaredIn }) => {
      const scope = scopeOf(declaredIn);
      const value = scope === undefined ? undefined : read(entry, scope);
      return value === undefined ? [] : [value];
    });
  const errors = readAll(errorEntries, (entry, scope) => {
    const error = readErrorType(entry, scope);
    // The intervals of another service's errors count its versions, not ours.
    return error === undefined || scope.versions === versions
      ? error
      : { ...error, interval: { since: versions.oldest } };
  });
  const errorsByName = new Map(errors.map((error) => [error.name, error]));
  const methods = readAll(methodEntries, readMethod);
  for (const check of checks) check();
  return { profiles, errors, methods };
}

const serviceKeys = ["topic", "exchange", "namespace", "send_defaults", "versions", "releases", "periodic"];

function checkLibraryKeys(file: LinkedFile, reporter: Reporter): void {
  if (hasService(file)) return;
  for (const { key, keyNode } of entriesOf(file.document.root)) {
    if (serviceKeys.includes(key)) reporter.report("library-key", keyNode.range, { key });
  }
}
