import type { NamedType, Scalar, Type } from "../model.js";
import { namesIn } from "./typescript.js";

type ObjectType = NamedType & { readonly kind: "object" };

/** What encoders need to know of types: how much of them is known, and whether that makes printing them faster. */
export class KnownTypes {
  readonly #types: ReadonlyMap<string, NamedType>;
  readonly #sealed: ReadonlySet<string>;
  readonly #tags: ReadonlyMap<string, readonly string[]>;
  readonly #unknown = new Map<string, boolean>();

  constructor(types: readonly NamedType[]) {
    this.#types = new Map(types.map((type) => [type.name, type]));
    this.#sealed = sealedTypes(types);
    this.#tags = tagsOf(types);
  }

  get(name: string): NamedType | undefined {
    return this.#types.get(name);
  }

  /** Whether the type has a versioned object at any depth: it goes out in another form than the program's. */
  isSealed(name: string): boolean {
    return this.#sealed.has(name);
  }

  /** The tags that an object has as a variant of unions. No variant declares its tag. */
  tagsOf(name: string): readonly string[] {
    return this.#tags.get(name) ?? [];
  }

  /** The scalar of which all values are, but for null where that is allowed; an enum's are texts. */
  scalarOf(type: Type): Scalar | undefined {
    const base = this.baseOf(type);
    if (base.kind === "ref") return this.get(base.name)?.kind === "enum" ? "string" : undefined;
    return base.kind === "scalar" ? base.scalar : undefined;
  }

  isNullable(type: Type): boolean {
    if (type.kind !== "ref") return type.kind === "nullable";
    const aliased = this.aliased(type);
    return aliased !== type && this.isNullable(aliased);
  }

  /** The type behind aliases and `?`. */
  baseOf(type: Type): Exclude<Type, { readonly kind: "nullable" }> {
    let at = type;
    for (;;) {
      if (at.kind === "nullable") at = at.type;
      else if (at.kind !== "ref") return at;
      else {
        const aliased = this.aliased(at);
        if (aliased === at) return at;
        at = aliased;
      }
    }
  }

  /** What a name is an alias of, or the type itself. */
  aliased(type: Type & { readonly kind: "ref" }): Type {
    const named = this.get(type.name);
    return named?.kind === "alias" ? named.type : type;
  }

  /**
   * Whether printing the type is faster than the general way, as bench/encoders.mjs measures it. JSON.stringify is good
   * at many small values, and at bigints it fails, so that the general way has to replace them.
   */
  pays(type: Type, around: readonly Type[] = []): boolean {
    const base = this.baseOf(type);
    // A collection of itself holds nothing else.
    if (around.includes(base)) return false;
    switch (base.kind) {
      case "scalar":
        return base.scalar !== "any" && base.scalar !== "none";
      case "list":
        return this.#itemsPay(base.items) ?? this.pays(base.items, [...around, base]);
      case "map": {
        const scalar = this.scalarOf(base.values);
        return scalar === undefined ? this.pays(base.values, [...around, base]) : scalar === "bigint";
      }
      case "ref":
        return !this.isUnknown(base.name);
      case "schema":
        return false;
    }
  }

  /**
   * Whether nothing is known of an object but that it is one, or too little: printing its unknown parts one by one would
   * cost more than the known ones gain. What has another form on the wire always gains.
   */
  isUnknown(name: string): boolean {
    const type = this.get(name);
    if (type === undefined) return true;
    if (type.kind === "union") return type.variants.every((variant) => this.isUnknown(variant.type));
    if (type.kind !== "object") return false;
    const found = this.#unknown.get(name);
    if (found !== undefined) return found;
    // A type that contains itself is as known as the rest of it.
    this.#unknown.set(name, false);
    const isUnknown = this.#isVague(type);
    this.#unknown.set(name, isUnknown);
    return isUnknown;
  }

  #isVague({ name, fields }: ObjectType): boolean {
    if (fields.length === 0 || fields.some((field) => inherited.has(field.name))) return true;
    const unknown = fields.filter(({ type }) => this.isAny(type)).length;
    return !this.isSealed(name) && unknown * MOST_UNKNOWN > fields.length;
  }

  /** Whether a part of the type is printed the general way. */
  isAny(type: Type): boolean {
    const base = this.baseOf(type);
    if (base.kind === "map") return this.isAny(base.values);
    return !this.pays(base);
  }

  /** Undefined where that is for the items to say. */
  #itemsPay(items: Type): boolean | undefined {
    switch (this.scalarOf(items)) {
      case undefined:
        return undefined;
      case "any":
      case "none":
      case "boolean":
        return false;
      case "integer":
      case "number":
        return !this.isNullable(items);
      default:
        return true;
    }
  }
}

/** One part of so many, at most, may be unknown. */
const MOST_UNKNOWN = 6;

/** Names which every object has: whether a value has a field of that name cannot be told by reading it. */
const inherited: ReadonlySet<string> = new Set(["toJSON", ...Object.getOwnPropertyNames(Object.prototype)]);

function tagsOf(types: readonly NamedType[]): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  for (const union of types) {
    if (union.kind !== "union") continue;
    for (const { type } of union.variants) {
      const known = tags.get(type) ?? [];
      if (!known.includes(union.tag)) tags.set(type, [...known, union.tag]);
    }
  }
  return tags;
}

/** Types may refer to each other in circles, so the set grows until nothing is added. */
function sealedTypes(types: readonly NamedType[]): ReadonlySet<string> {
  const found = new Set<string>();
  const isSealed = (type: Type): boolean => namesIn(type).some((name) => found.has(name));
  const namedIsSealed = (type: NamedType): boolean => {
    switch (type.kind) {
      case "object":
        return type.object !== undefined || type.fields.some((field) => isSealed(field.type));
      case "union":
        return type.variants.some((variant) => found.has(variant.type));
      case "alias":
        return isSealed(type.type);
      case "enum":
        return false;
    }
  };
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const type of types) if (namedIsSealed(type)) found.add(type.name);
  }
  return found;
}
