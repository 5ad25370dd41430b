import type { ErrorType, Field, FormerObject, NamedType, Service, Type } from "../model.js";

/** How a value differs between program and wire; the runtime's `Codec` as plain data. */
export type CodecView =
  | "bigint"
  | "number"
  | { readonly list: CodecView }
  | { readonly map: CodecView }
  | { readonly ref: string };

/** Finds the places where program and wire may differ: a bigint, a number, a versioned object, at any depth. */
export class Codecs {
  readonly #types: ReadonlyMap<string, NamedType>;
  readonly #different: ReadonlySet<string>;
  readonly #errors: readonly ErrorType[];

  constructor(service: Service) {
    this.#errors = service.errors;
    this.#types = new Map(service.types.map((type) => [type.name, type]));
    this.#different = differentTypes(service.types);
  }

  /** Undefined where program and wire are the same. */
  of(type: Type): CodecView | undefined {
    switch (type.kind) {
      case "scalar":
        return type.scalar === "bigint" || type.scalar === "number" ? type.scalar : undefined;
      case "nullable":
        return this.of(type.type);
      case "list": {
        const items = this.of(type.items);
        return items && { list: items };
      }
      case "map": {
        const values = this.of(type.values);
        return values && { map: values };
      }
      case "ref":
        return this.#different.has(type.name) ? { ref: type.name } : undefined;
      case "schema":
        return undefined;
    }
  }

  /** The versions at which objects that are not versioned have changed, at any depth: the label of a request tells them. */
  changesOf(type: Type): readonly string[] {
    const changes: string[] = [];
    const seen = new Set<string>();
    const visit = (each: Type): void => {
      if (each.kind === "nullable") visit(each.type);
      else if (each.kind === "list") visit(each.items);
      else if (each.kind === "map") visit(each.values);
      else if (each.kind === "ref") seen.add(each.name);
    };
    visit(type);
    // What is added to a set while it is walked is walked too: types may refer to each other in circles.
    for (const name of seen) {
      const named = this.#types.get(name);
      if (named?.kind === "alias") visit(named.type);
      else if (named?.kind === "union") for (const variant of named.variants) seen.add(variant.type);
      else if (named?.kind === "object") {
        if (named.object === undefined) changes.push(...named.was.map(({ before }) => before));
        for (const field of named.fields) visit(field.type);
      }
    }
    return changes;
  }

  /** The descriptor's `codecs`: an entry for each named type that differs, and for each error whose fields do. */
  entries(): Readonly<Record<string, unknown>> {
    const different = [...this.#types.values()].filter(({ name }) => this.#different.has(name));
    const errors = this.#errors.map(({ name, fields }) => [name, { fields: this.#fields(fields) }] as const);
    return Object.fromEntries([
      ...different.map((type) => [type.name, this.#entry(type)] as const),
      ...errors.filter(([, { fields }]) => Object.keys(fields).length > 0),
    ]);
  }

  #entry(type: NamedType): unknown {
    switch (type.kind) {
      case "object":
        return {
          ...(type.object === undefined ? {} : { object: type.object }),
          fields: this.#fields(type.fields),
          ...(type.was.length === 0 ? {} : { was: type.was.map(formerEntry) }),
        };
      case "union": {
        const variants = type.variants.map(({ value, type: name }) => [value, this.of({ kind: "ref", name })] as const);
        return { tag: type.tag, variants: Object.fromEntries(variants.filter(([, codec]) => codec !== undefined)) };
      }
      case "alias":
        return { alias: this.of(type.type) };
      case "enum":
        return undefined;
    }
  }

  #fields(fields: readonly Field[]): Readonly<Record<string, CodecView>> {
    return Object.fromEntries(
      fields.flatMap(({ name, type }) => {
        const codec = this.of(type);
        return codec === undefined ? [] : [[name, codec]];
      }),
    );
  }
}

function formerEntry({ before, version, without }: FormerObject): object {
  return { before, ...(version === undefined ? {} : { version }), ...(without.length === 0 ? {} : { without }) };
}

/** Types may refer to each other in circles, so the set grows until nothing is added. */
function differentTypes(types: readonly NamedType[]): ReadonlySet<string> {
  const found = new Set<string>();
  const differs = (type: Type): boolean => {
    switch (type.kind) {
      case "scalar":
        return type.scalar === "bigint" || type.scalar === "number";
      case "nullable":
        return differs(type.type);
      case "list":
        return differs(type.items);
      case "map":
        return differs(type.values);
      case "ref":
        return found.has(type.name);
      case "schema":
        return false;
    }
  };
  const namedDiffers = (type: NamedType): boolean => {
    switch (type.kind) {
      case "object":
        return type.object !== undefined || type.was.length > 0 || type.fields.some((field) => differs(field.type));
      case "union":
        return type.variants.some((variant) => found.has(variant.type));
      case "alias":
        return differs(type.type);
      case "enum":
        return false;
    }
  };
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const type of types.filter(namedDiffers)) {
      found.add(type.name);
    }
  }
  return found;
}
