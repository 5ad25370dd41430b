// One walk over two types, longer than other files: what a difference means depends on where the walk has come from.
import type { Constraints, ErrorType, Field, Method, NamedType, Param, Service, Type } from "../model.js";
import type { Range } from "../source.js";
import { baseOf, isNullable, type TypeLookup, typeText } from "../types.js";
import { compareConstraints } from "./constraint-changes.js";
import { pairItems } from "./pairing.js";
import { sameMeaning, sameValue } from "./same.js";
import { relationOf } from "./scalar-order.js";
import { valueText } from "./texts.js";
import { TypeUses } from "./type-uses.js";

/** From whom to whom values of a type go. Results and the fields of errors go from servers to clients. */
export type Side = "argument" | "result";

/** How a type differs. `widens`: there are values which it had not; `narrows`: it has lost some. */
export interface TypeChange {
  readonly kind:
    | "type"
    | "null"
    | "enum-value"
    | "variant"
    | "tag"
    | "field-removed"
    | "field-added"
    | "field-presence"
    | "constraint"
    | "default"
    | "envelope"
    | "object-version"
    | "sensitive"
    | "bigint";
  readonly widens: boolean;
  readonly narrows: boolean;
  /** In which directions values of the type go; grows until all uses have been seen. */
  readonly sides: ReadonlySet<Side>;
  /** As the subject of findings has it: `types.Instance.host`, `methods.start_instance.params.host`. */
  readonly subject: string;
  /** What a reader calls it: `"Instance.host"`, `the argument "host" of "start_instance"`. */
  readonly name: string;
  /** What is different, before and after: a type, a value, a constraint. */
  readonly before: string;
  readonly after: string;
  /** For fields: whether it is or was optional. */
  readonly optional: boolean;
  readonly previous: Range | undefined;
  readonly current: Range | undefined;
  /** The named type in which it is; undefined for what belongs to one method. */
  readonly within: string | undefined;
}

/**
 * Compares the types that two states of a service use, from their uses inwards. Each pair of named types is compared
 * once, so that recursive ones end and a change is found once however often the type is used.
 */
export class TypeChanges {
  readonly #previous: Lookups;
  readonly #current: Lookups;
  readonly #pairs = new Map<string, Pair>();
  readonly #own: TypeChange[] = [];
  /** Names of types of the previous state at places that both states have. */
  readonly #usedBefore = new Set<string>();
  #uses: TypeUses | undefined;
  #all: readonly TypeChange[] | undefined;

  constructor(previous: Service, current: Service) {
    this.#previous = lookupsOf(previous);
    this.#current = lookupsOf(current);
  }

  /** Every change, those of named types in the order in which they were reached. To be asked when all is compared. */
  get all(): readonly TypeChange[] {
    this.#all ??= [...this.#own, ...[...this.#pairs.values()].flatMap(({ changes }) => changes)];
    return this.#all;
  }

  /** Types which the previous state has at a place that is still there, with what is there now under another name. */
  get usedBefore(): ReadonlySet<string> {
    return this.#usedBefore;
  }

  /** What a named type of the previous state was compared with, where that has another name. */
  newNameOf(type: string): string | undefined {
    for (const { previous, current } of this.#pairs.values()) {
      if (previous.name === type && current.name !== type) return current.name;
    }
    return undefined;
  }

  /** The methods whose arguments or results have the type, directly or deep inside. */
  usersOf(type: string, side: Side): readonly string[] {
    this.#uses ??= new TypeUses(this.#current.service);
    return this.#uses.methodsWith(type, side);
  }

  compareParam(method: string, previous: Param, current: Param, a: Typed, b: Typed): void {
    const position: Position = {
      subject: `methods.${method}.params.${current.name}`,
      name: `the argument "${current.name}" of "${method}"`,
      previous: previous.range,
      current: current.range,
      within: undefined,
    };
    const walk = this.#walk(this.#own, new Set<Side>(["argument"]));
    this.#visit(walk.compare(a.type, limits(a, previous), b.type, limits(b, current), position), "argument", a.type);
    if (previous.sensitive && !current.sensitive) walk.add("sensitive", position, "sensitive", "plain");
    if (a.isOwnType && b.isOwnType) compareDefaults(walk, previous, current, position);
  }

  compareResult(previous: Method, current: Method): void {
    const position: Position = {
      subject: `methods.${current.name}.returns`,
      name: `the result of "${current.name}"`,
      previous: previous.range,
      current: current.range,
      within: undefined,
    };
    const { type, constraints } = previous.returns;
    const walk = this.#walk(this.#own, new Set<Side>(["result"]));
    if (isNone(type)) {
      // Who expects nothing passes over what comes.
      if (!isNone(current.returns.type))
        walk.add("type", position, "none", typeText(current.returns.type), { narrows: true });
      return;
    }
    this.#visit(
      walk.compare(type, constraints, current.returns.type, current.returns.constraints, position),
      "result",
      type,
    );
  }

  compareError(previous: ErrorType, current: ErrorType): void {
    const children: Child[] = [];
    const walk = this.#walk(this.#own, new Set<Side>(["result"]));
    compareFields(
      walk,
      previous.fields,
      current.fields,
      `errors.${current.name}`,
      current.name,
      current.range,
      children,
    );
    this.#visit(children, "result");
    for (const { type } of previous.fields) this.#noteUses(type);
  }

  #walk(changes: TypeChange[], sides: ReadonlySet<Side>): Walk {
    return new Walk(this.#previous.find, this.#current.find, changes, sides);
  }

  /** Compares named types and what is inside of them, as far as they go in a direction for the first time. */
  #visit(children: readonly Child[], side: Side, root?: Type): void {
    if (root !== undefined) this.#noteUses(root);
    const open = [...children];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const pair = this.#pairOf(next);
      if (pair.sides.has(side)) continue;
      pair.sides.add(side);
      open.push(...pair.children);
    }
  }

  #pairOf([previous, current]: Child): Pair {
    const key = `${previous.name} ${current.name}`;
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const pair: Pair = { previous, current, changes: [], children: [], sides: new Set() };
    this.#pairs.set(key, pair);
    compareNamed(this.#walk(pair.changes, pair.sides), previous, current, pair.children);
    return pair;
  }

  /** Every named type of the previous state that is reached from a type. */
  #noteUses(type: Type): void {
    const open = [type];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at.kind === "list") open.push(at.items);
      else if (at.kind === "map") open.push(at.values);
      else if (at.kind === "nullable") open.push(at.type);
      else if (at.kind === "ref" && !this.#usedBefore.has(at.name)) {
        this.#usedBefore.add(at.name);
        const named = this.#previous.find(at.name);
        if (named?.kind === "object") open.push(...named.fields.map((field) => field.type));
        else if (named?.kind === "union")
          open.push(...named.variants.map((variant) => ({ kind: "ref", name: variant.type }) as const));
        else if (named?.kind === "alias") open.push(named.type);
      }
    }
  }
}

interface Lookups {
  readonly service: Service;
  readonly find: TypeLookup;
}

interface Typed {
  readonly type: Type;
  readonly isOwnType: boolean;
}

interface Pair {
  readonly previous: NamedType;
  readonly current: NamedType;
  readonly changes: TypeChange[];
  readonly children: Child[];
  readonly sides: Set<Side>;
}

type Child = readonly [previous: NamedType, current: NamedType];

/** Where a type stands. */
interface Position {
  readonly subject: string;
  readonly name: string;
  readonly previous: Range | undefined;
  readonly current: Range | undefined;
  readonly within: string | undefined;
}

function lookupsOf(service: Service): Lookups {
  const byName = new Map(service.types.map((named) => [named.name, named]));
  return { service, find: (name) => byName.get(name) };
}

function limits({ isOwnType }: Typed, { constraints }: Param): Constraints {
  return isOwnType ? constraints : {};
}

function isNone(type: Type): boolean {
  return type.kind === "scalar" && type.scalar === "none";
}

// ------------------------------------------------------------------------------------------------------- named types

function compareNamed(walk: Walk, previous: NamedType, current: NamedType, children: Child[]): void {
  const position: Position = {
    subject: `types.${current.name}`,
    name: `"${current.name}"`,
    previous: previous.range,
    current: current.range,
    within: current.name,
  };
  if (previous.kind === "alias" && current.kind === "alias") {
    children.push(...walk.compare(previous.type, previous.constraints, current.type, current.constraints, position));
  } else if (previous.kind === "enum" && current.kind === "enum") {
    const { removed, added } = pairItems(previous.values, current.values, ({ value }) => value);
    for (const { value } of removed) walk.add("enum-value", under(position, value), value, "", { narrows: true });
    for (const { value } of added) walk.add("enum-value", under(position, value), "", value, { widens: true });
  } else if (previous.kind === "union" && current.kind === "union") {
    if (previous.tag !== current.tag)
      walk.add("tag", position, previous.tag, current.tag, { widens: true, narrows: true });
    const { pairs, removed, added } = pairItems(previous.variants, current.variants, ({ value }) => value);
    for (const { value } of removed) walk.add("variant", under(position, value), value, "", { narrows: true });
    for (const { value } of added) walk.add("variant", under(position, value), "", value, { widens: true });
    for (const [before, now] of pairs) {
      const types = [
        { kind: "ref", name: before.type },
        { kind: "ref", name: now.type },
      ] as const;
      children.push(...walk.compare(types[0], {}, types[1], {}, under(position, now.value)));
    }
  } else if (previous.kind === "object" && current.kind === "object") {
    const start = walk.count;
    compareFields(walk, previous.fields, current.fields, position.subject, current.name, current.range, children);
    compareEnvelopes(walk, previous, current, walk.count > start, position);
  } else if (previous.kind === "alias" || current.kind === "alias") {
    children.push(...walk.compare(...insideOf(previous), ...insideOf(current), position));
  } else {
    walk.add("type", position, kindText(previous), kindText(current), { widens: true, narrows: true });
  }
}

/** What an alias stands for; other types stand for themselves. */
function insideOf(named: NamedType): readonly [Type, Constraints] {
  return named.kind === "alias" ? [named.type, named.constraints] : [{ kind: "ref", name: named.name }, {}];
}

function under(position: Position, value: string): Position {
  return { ...position, subject: `${position.subject}.${value}` };
}

function kindText({ kind }: NamedType): string {
  return kind === "alias" ? "an alias" : kind === "object" ? "an object" : kind === "enum" ? "an enum" : "a union";
}

type ObjectType = Extract<NamedType, { kind: "object" }>;

/** oslo.versionedobjects: a peer refuses an object of another name or major version. */
function compareEnvelopes(
  walk: Walk,
  { object: before }: ObjectType,
  { object: now }: ObjectType,
  fieldsDiffer: boolean,
  position: Position,
): void {
  if (before === undefined || now === undefined) {
    if (before === now) return;
    const text = (object: ObjectType["object"]): string =>
      object === undefined ? "a plain object" : `the object ${object.name}`;
    walk.add("envelope", position, text(before), text(now), { widens: true, narrows: true });
    return;
  }
  for (const key of ["name", "namespace", "prefix"] as const) {
    if (before[key] !== now[key]) {
      walk.add("envelope", position, `the ${key} ${before[key]}`, `the ${key} ${now[key]}`, {
        widens: true,
        narrows: true,
      });
    }
  }
  const [major, minor] = before.version.split(".").map(Number);
  const [newMajor, newMinor] = now.version.split(".").map(Number);
  if (major !== newMajor || (newMinor ?? 0) < (minor ?? 0)) {
    const [from, to] = [`version ${before.version}`, `version ${now.version}`];
    walk.add("envelope", position, from, to, { widens: true, narrows: true });
  } else if (before.version === now.version && fieldsDiffer) {
    walk.add("object-version", position, before.version, now.version);
  }
}

function compareFields(
  walk: Walk,
  previous: readonly Field[],
  current: readonly Field[],
  subject: string,
  owner: string,
  home: Range,
  children: Child[],
): void {
  const { pairs, removed, added } = pairItems(previous, current, ({ name }) => name);
  const positionOf = (before: Field | undefined, now: Field | undefined): Position => {
    const name = now?.name ?? before?.name ?? "";
    return {
      subject: `${subject}.${name}`,
      name: `"${owner}.${name}"`,
      previous: before?.range,
      current: now?.range,
      within: subject.startsWith("types.") ? owner : undefined,
    };
  };
  for (const field of removed) {
    const position = positionOf(field, undefined);
    walk.add("field-removed", position, field.name, "", { widens: true, narrows: true, optional: field.optional });
  }
  for (const field of added) {
    const position = { ...positionOf(undefined, field), previous: undefined, current: field.range ?? home };
    // Who does not send a field that must be there is refused; who gets one more passes it over.
    walk.add("field-added", position, "", field.name, { narrows: !field.optional, optional: field.optional });
  }
  for (const [before, now] of pairs) {
    const position = positionOf(before, now);
    children.push(...walk.compare(before.type, before.constraints, now.type, now.constraints, position));
    if (before.optional !== now.optional) {
      const text = (field: Field): string => (field.optional ? "optional" : "required");
      const options = { widens: now.optional, narrows: before.optional, optional: now.optional };
      walk.add("field-presence", position, text(before), text(now), options);
    }
    if (before.sensitive && !now.sensitive) walk.add("sensitive", position, "sensitive", "plain");
    compareDefaults(walk, before, now, position);
  }
}

function compareDefaults(walk: Walk, previous: Field, current: Field, position: Position): void {
  // Without a default before, whoever leaves it out meant nothing by that; without the option now, that is refused.
  if (previous.default === undefined || !current.optional) return;
  if (current.default !== undefined && sameValue(previous.default.value, current.default.value)) return;
  const after = current.default === undefined ? "none" : valueText(current.default.value);
  walk.add("default", position, valueText(previous.default.value), after);
}

// --------------------------------------------------------------------------------------------------- types in a place

/** Compares types in one place, and collects what differs. Named types of both are children, for the caller to compare. */
class Walk {
  readonly #before: TypeLookup;
  readonly #now: TypeLookup;
  readonly #changes: TypeChange[];
  readonly #sides: ReadonlySet<Side>;

  constructor(before: TypeLookup, now: TypeLookup, changes: TypeChange[], sides: ReadonlySet<Side>) {
    this.#before = before;
    this.#now = now;
    this.#changes = changes;
    this.#sides = sides;
  }

  get count(): number {
    return this.#changes.length;
  }

  add(
    kind: TypeChange["kind"],
    { subject, name, previous, current, within }: Position,
    before: string,
    after: string,
    {
      widens = false,
      narrows = false,
      optional = false,
    }: Partial<Pick<TypeChange, "widens" | "narrows" | "optional">> = {},
  ): void {
    const sides = this.#sides;
    this.#changes.push({
      kind,
      widens,
      narrows,
      sides,
      subject,
      name,
      before,
      after,
      optional,
      previous,
      current,
      within,
    });
  }

  compare(previous: Type, before: Constraints, current: Type, now: Constraints, position: Position): Child[] {
    const a = withoutNull(previous);
    const b = withoutNull(current);
    const wasNullable = isNullable(previous, this.#before);
    const canBeNull = isNullable(current, this.#now);
    if (a.kind === "ref" && b.kind === "ref" && a.name === b.name) {
      const [one, other] = [this.#before(a.name), this.#now(b.name)];
      // What an alias brings is found where the alias is.
      const isOwnNull = (previous.kind === "nullable") !== (current.kind === "nullable");
      if (isOwnNull) this.#compareNull(wasNullable, canBeNull, position);
      this.#compareLimits(before, now, position);
      return one === undefined || other === undefined ? [] : [[one, other]];
    }
    const left = baseOf(previous, this.#before);
    const right = baseOf(current, this.#now);
    if (left === undefined || right === undefined) return [];
    const isAny = [left, right].some(
      (type) => type.kind === "scalar" && (type.scalar === "any" || type.scalar === "none"),
    );
    if (!isAny) this.#compareNull(wasNullable, canBeNull, position);
    const children = this.#compareBases(left, right, position);
    if (children !== undefined) {
      const limitsBefore = { ...limitsIn(previous, this.#before), ...before };
      const limitsNow = { ...limitsIn(current, this.#now), ...now };
      this.#compareLimits(limitsBefore, limitsNow, position);
    }
    return children ?? [];
  }

  #compareNull(wasNullable: boolean, canBeNull: boolean, position: Position): void {
    if (wasNullable === canBeNull) return;
    const [before, after] = wasNullable ? ["null", ""] : ["", "null"];
    this.add("null", position, before, after, { widens: canBeNull, narrows: wasNullable });
  }

  #compareLimits(before: Constraints, now: Constraints, position: Position): void {
    for (const { word, before: from, after, widens, narrows } of compareConstraints(before, now)) {
      this.add("constraint", { ...position, subject: `${position.subject}.${word}` }, from, after, { widens, narrows });
    }
  }

  /** Undefined where the two are so different that nothing more can be said of them. */
  #compareBases(a: Base, b: Base, position: Position): Child[] | undefined {
    if (a.kind === "list" && b.kind === "list") {
      return this.compare(a.items, {}, b.items, {}, { ...position, name: `an item of ${position.name}` });
    }
    if (a.kind === "map" && b.kind === "map") {
      return this.compare(a.values, {}, b.values, {}, { ...position, name: `a value of ${position.name}` });
    }
    if (a.kind === "ref" && b.kind === "ref") {
      const [one, other] = [this.#before(a.name), this.#now(b.name)];
      if (one !== undefined && other !== undefined && one.kind === other.kind) return [[one, other]];
    }
    if (a.kind === "schema" && b.kind === "schema" && sameMeaning(bare(a.schema), bare(b.schema))) return [];
    const relation = relationOf(a, b, this.#before, this.#now);
    if (relation.isBigint) this.add("bigint", position, typeText(a), typeText(b));
    if (!relation.widens && !relation.narrows) return [];
    this.add("type", position, typeText(a), typeText(b), relation);
    return relation.widens && relation.narrows ? undefined : [];
  }
}

type Base = NonNullable<ReturnType<typeof baseOf>>;

function withoutNull(type: Type): Type {
  return type.kind === "nullable" ? type.type : type;
}

/** The constraints of the aliases that a type goes through. */
function limitsIn(type: Type, lookup: TypeLookup): Constraints {
  let found: Constraints = {};
  let at = type;
  for (let steps = 0; steps < 100; steps += 1) {
    if (at.kind === "nullable") at = at.type;
    else {
      const named = at.kind === "ref" ? lookup(at.name) : undefined;
      if (named?.kind !== "alias") break;
      found = { ...named.constraints, ...found };
      at = named.type;
    }
  }
  return found;
}

const annotations = ["title", "description", "default", "examples", "$comment", "$id"];

/** A raw schema without the words that allow and refuse nothing. */
function bare(schema: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !annotations.includes(key)));
}
