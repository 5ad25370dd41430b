import { posix } from "node:path";
import type { Examined } from "../analyze.js";
import { child, type Document, type Entry, entriesOf, itemsOf, type MapNode, type Node, textOf } from "../document.js";
import type { ErrorType, Field, Method, NamedType, Param, Service } from "../model.js";
import { compareVersions } from "../versions.js";

/** What rules look at: the parts of the files that are linted, each with what it says and what it means. */
export interface Subject {
  /** The files that are linted. What they only import is looked up, and has no findings. */
  readonly files: readonly File[];
  readonly methods: readonly MethodPart[];
  readonly params: readonly ParamPart[];
  readonly types: readonly TypePart[];
  readonly errors: readonly ErrorPart[];
  /** The fields of types and errors. */
  readonly fields: readonly FieldPart[];
  /** Everything that has a type of its own: parameters, fields, aliases, results. */
  readonly values: readonly ValuePart[];
}

/** One definition. */
export interface File {
  readonly document: Document;
  /** Undefined for a library. */
  readonly service: Service | undefined;
  /** The services among the inputs that have the file's types, errors and methods: its own, or those that import it. */
  readonly services: readonly Service[];
  /** The file itself and all that it imports. */
  readonly visible: readonly Document[];
  /** The versions of its services' tables, oldest first; those of a library are nobody's. */
  readonly versions: readonly string[];
}

interface Part {
  readonly file: File;
  readonly name: string;
  readonly entry: Entry;
}

/** A method. Meanings are undefined where no service of the inputs has it. */
export interface MethodPart extends Part {
  readonly method: Method | undefined;
}

/** A parameter of a method. */
export interface ParamPart extends Part {
  readonly of: MethodPart;
  readonly param: Param | undefined;
}

/** A named type. */
export interface TypePart extends Part {
  readonly type: NamedType | undefined;
}

/** A declared error. */
export interface ErrorPart extends Part {
  readonly error: ErrorType | undefined;
}

/** A field of a type or an error. */
export interface FieldPart extends Part {
  readonly of: TypePart | ErrorPart;
  readonly field: Field | undefined;
}

/** Something that has a type. */
export interface ValuePart extends Part {
  readonly what: "parameter" | "field" | "alias" | "result";
  /** `list<uuid>?`; undefined for a raw JSON Schema, and where the type comes from elsewhere. */
  readonly type: string | undefined;
  /** The long form, which may have more than the type. */
  readonly long: MapNode | undefined;
}

/** Takes definitions apart. `isLinted` tells the files that have findings from those which are only imported. */
export function subjectOf({ model, documents }: Examined, isLinted: (path: string) => boolean): Subject {
  const byPath = new Map(documents.map((document) => [posix.normalize(document.path), document]));
  const visible = new Map(documents.map((document) => [document, closure(document, byPath)]));
  const meanings = meaningsOf(model.services);
  const files = documents
    .filter(({ path }) => isLinted(path))
    .map((document): File => {
      const service = model.services.find(({ source }) => source === document.path);
      const services = model.services.filter(({ source }) => {
        const own = byPath.get(posix.normalize(source));
        return own !== undefined && visible.get(own)?.includes(document) === true;
      });
      const versions = (service?.versions ?? []).map(({ version }) => version);
      return { document, service, services, visible: visible.get(document) ?? [document], versions };
    });
  const methods: MethodPart[] = [];
  const params: ParamPart[] = [];
  const types: TypePart[] = [];
  const errors: ErrorPart[] = [];
  const fields: FieldPart[] = [];
  const values: ValuePart[] = [];
  for (const file of files) {
    const { root } = file.document;
    const part = (entry: Entry): Part => ({ file, name: entry.key, entry });
    const addFields = (of: TypePart | ErrorPart): void => {
      for (const entry of entriesOf(child(of.entry.value, "fields"))) {
        fields.push({ ...part(entry), of, field: meanings.fields.get(keyOf(entry)) });
        values.push(valuePart(part(entry), "field"));
      }
    };
    for (const entry of entriesOf(child(root, "methods"))) {
      const of: MethodPart = { ...part(entry), method: meanings.methods.get(keyOf(entry)) };
      methods.push(of);
      for (const inner of entriesOf(child(entry.value, "params"))) {
        params.push({ ...part(inner), of, param: meanings.params.get(keyOf(inner)) });
        values.push(valuePart(part(inner), "parameter"));
      }
      const returns = entry.value.kind === "map" ? entry.value.byKey.get("returns") : undefined;
      if (returns !== undefined) values.push({ ...valuePart(part(returns), "result"), name: entry.key });
    }
    for (const entry of entriesOf(child(root, "types"))) {
      const of: TypePart = { ...part(entry), type: meanings.types.get(keyOf(entry)) };
      types.push(of);
      addFields(of);
      if (child(entry.value, "type") !== undefined || entry.value.kind === "scalar")
        values.push(valuePart(of, "alias"));
    }
    for (const entry of entriesOf(child(root, "errors"))) {
      const of: ErrorPart = { ...part(entry), error: meanings.errors.get(keyOf(entry)) };
      errors.push(of);
      addFields(of);
    }
  }
  return { files, methods, params, types, errors, fields, values };
}

/** What a type expression comes to: a scalar, `list`, `map`, or the entry of the named type behind all aliases. */
export interface BaseType {
  readonly name: string;
  readonly entry: Entry | undefined;
  /** The long forms of the aliases on the way, which may have constraints. */
  readonly aliases: readonly MapNode[];
}

/** Follows aliases and leaves out `?`. Undefined where a name leads nowhere, or in a circle. */
export function baseOf(type: string, file: File): BaseType | undefined {
  const aliases: MapNode[] = [];
  let text = type.trim().replace(/\?$/, "");
  for (let steps = 0; steps < 100; steps += 1) {
    if (/^(list|map)\s*</.test(text))
      return { name: text.startsWith("list") ? "list" : "map", entry: undefined, aliases };
    const name = text;
    const entry = findType(name, file);
    if (entry === undefined) return { name, entry: undefined, aliases };
    const next = textOf(entry.value.kind === "map" ? child(entry.value, "type") : entry.value);
    if (next === undefined) return { name, entry, aliases };
    if (entry.value.kind === "map") aliases.push(entry.value);
    text = next.trim().replace(/\?$/, "");
  }
  return undefined;
}

/** The names in a type expression: `Instance` of `map<list<Instance?>>`. */
export function namesIn(type: string): readonly string[] {
  return type.match(/[A-Za-z_]\w*/g)?.filter((name) => name !== "list" && name !== "map") ?? [];
}

/** Whether the interval's end is missing: the thing is there at the newest version. */
export function isThere(node: Node, { versions }: File): boolean {
  const until = child(node, "until");
  const newest = versions.at(-1);
  return until?.kind !== "scalar" || newest === undefined || compareVersions(until.text, newest) > 0;
}

function findType(name: string, file: File): Entry | undefined {
  for (const { root } of file.visible) {
    const types = child(root, "types");
    const entry = types?.kind === "map" ? types.byKey.get(name) : undefined;
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function valuePart(part: Part, what: ValuePart["what"]): ValuePart {
  const { value } = part.entry;
  const long = value.kind === "map" ? value : undefined;
  return { ...part, what, type: textOf(long === undefined ? value : child(long, "type")), long };
}

function closure(document: Document, byPath: ReadonlyMap<string, Document>): readonly Document[] {
  const found = new Set([document]);
  for (const at of found) {
    for (const item of itemsOf(child(at.root, "imports"))) {
      const next = byPath.get(posix.normalize(posix.join(posix.dirname(at.path), textOf(item) ?? "")));
      // A set hands out what is added while it is walked.
      if (next !== undefined) found.add(next);
    }
  }
  return [...found];
}

interface Meanings {
  readonly methods: ReadonlyMap<string, Method>;
  readonly params: ReadonlyMap<string, Param>;
  readonly types: ReadonlyMap<string, NamedType>;
  readonly errors: ReadonlyMap<string, ErrorType>;
  readonly fields: ReadonlyMap<string, Field>;
}

/** The Model's parts by the place of their names, which several services may share. */
function meaningsOf(services: readonly Service[]): Meanings {
  const methods = new Map<string, Method>();
  const params = new Map<string, Param>();
  const types = new Map<string, NamedType>();
  const errors = new Map<string, ErrorType>();
  const fields = new Map<string, Field>();
  const place = ({ range }: { readonly range: { readonly path: string; readonly start: number } }): string =>
    `${range.path}:${range.start}`;
  for (const service of services) {
    for (const method of service.methods) {
      methods.set(place(method), method);
      for (const param of method.params) params.set(place(param), param);
    }
    for (const type of service.types) {
      types.set(place(type), type);
      if (type.kind === "object") for (const field of type.fields) fields.set(place(field), field);
    }
    for (const error of service.errors) {
      errors.set(place(error), error);
      for (const field of error.fields) fields.set(place(field), field);
    }
  }
  return { methods, params, types, errors, fields };
}

function keyOf({ keyNode }: Entry): string {
  return `${keyNode.range.path}:${keyNode.range.start}`;
}
