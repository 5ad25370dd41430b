import type { Range } from "./source.js";

/**
 * What a set of definitions means: every name resolved, every default applied, every interval complete. Emitters, lint
 * rules, breaking rules and documents read the Model and nothing else. Plain data; all records keep the file's order.
 */
export interface Model {
  readonly services: readonly Service[];
}

/** `"major.minor"` as written; compare with versions.ts, never as text. */
export type Version = string;

/** `[since, until)`. `since` is the oldest version of the definition where the file has none. */
export interface Interval {
  readonly since: Version;
  readonly until?: Version;
}

export interface Service {
  /** As written: `compute`. */
  readonly name: string;
  /** PascalCase for identifiers: `Compute`. */
  readonly typeName: string;
  readonly description?: string;
  readonly topic: string;
  readonly exchange?: string;
  readonly namespace?: string;
  /** Oldest first. */
  readonly versions: readonly VersionEntry[];
  readonly releases: readonly Release[];
  readonly timeouts: readonly TimeoutProfile[];
  readonly errors: readonly ErrorType[];
  /** Types which the service's methods and errors reach, its own and imported ones, in order of first definition. */
  readonly types: readonly NamedType[];
  readonly methods: readonly Method[];
  readonly periodic: readonly PeriodicTask[];
  /** `x-…` keys, passed through to templates. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** The file that defines it. */
  readonly source: string;
  readonly range: Range;
}

export interface VersionEntry {
  readonly version: Version;
  readonly description: string;
  readonly range: Range;
}

export interface Release {
  readonly name: string;
  readonly version: Version;
  readonly range: Range;
}

export interface TimeoutProfile {
  readonly name: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly heartbeat?: number;
  readonly range: Range;
}

export interface PeriodicTask {
  readonly name: string;
  readonly member: string;
  readonly description?: string;
  /** Milliseconds between two runs. */
  readonly spacing: number;
  readonly runImmediately: boolean;
  readonly range: Range;
}

// ---------------------------------------------------------------------------------------------------------- types

export type Scalar =
  | "string"
  | "boolean"
  | "integer"
  | "number"
  | "bigint"
  | "datetime"
  | "date"
  | "uuid"
  | "bytes"
  | "any"
  | "none";

/** A type expression with its names resolved. */
export type Type =
  | { readonly kind: "scalar"; readonly scalar: Scalar }
  | { readonly kind: "list"; readonly items: Type }
  | { readonly kind: "map"; readonly values: Type }
  | { readonly kind: "nullable"; readonly type: Type }
  | { readonly kind: "ref"; readonly name: string }
  /** Raw JSON Schema (`schema:`). */
  | { readonly kind: "schema"; readonly schema: Readonly<Record<string, unknown>> };

/** JSON Schema's own words: minimum, maxLength, pattern, minItems, … */
export type Constraints = Readonly<Record<string, unknown>>;

interface Named {
  /** As written, unique in the service: `Instance`. */
  readonly name: string;
  readonly description?: string;
  readonly deprecated?: string;
  readonly examples: readonly unknown[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly range: Range;
}

export type NamedType = Named &
  (
    | { readonly kind: "object"; readonly fields: readonly Field[]; readonly object?: VersionedObject }
    | { readonly kind: "enum"; readonly values: readonly EnumValue[] }
    | { readonly kind: "union"; readonly tag: string; readonly variants: readonly Variant[] }
    | { readonly kind: "alias"; readonly type: Type; readonly constraints: Constraints }
  );

export interface EnumValue {
  readonly value: string;
  readonly description?: string;
}

/** The variant's type is an object whose tag field has the variant's value. */
export interface Variant {
  readonly value: string;
  /** The name of an object type. */
  readonly type: string;
}

/** Source: oslo.versionedobjects. */
export interface VersionedObject {
  readonly name: string;
  readonly namespace: string;
  readonly version: Version;
  readonly prefix: string;
}

export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly description?: string;
  readonly constraints: Constraints;
  /** May be absent: `optional: true`, or it has a default. */
  readonly optional: boolean;
  readonly default?: { readonly value: unknown };
  readonly sensitive: boolean;
  readonly deprecated?: string;
  readonly examples: readonly unknown[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly range: Range;
}

export interface ErrorType extends Named {
  /** PascalCase class name; the name as written. */
  readonly wire: string;
  /** With `{field}` placeholders. */
  readonly message: string;
  readonly fields: readonly Field[];
  readonly interval: Interval;
}

// -------------------------------------------------------------------------------------------------------- methods

export type MethodKind = "call" | "cast" | "fanout";

export interface ChosenKind {
  /** The boolean argument by which the caller chooses; not sent. */
  readonly by: string;
  readonly true: MethodKind;
  readonly false: MethodKind;
  readonly default?: boolean;
}

/** Rules in the file's order; the first whose interval holds the version cap is taken. One rule that always holds: no `until`, oldest `since`. */
export type Rules<T> = readonly { readonly interval: Interval; readonly value: T; readonly range: Range }[];

export interface Method {
  /** The wire name: `reboot_instance`. */
  readonly name: string;
  /** The member of the API and the manager: `rebootInstance`. */
  readonly member: string;
  /** PascalCase stem of generated types: `RebootInstance`. */
  readonly typeName: string;
  readonly description?: string;
  readonly interval: Interval;
  readonly was: readonly { readonly before: Version; readonly name: string; readonly range: Range }[];
  readonly kind: Rules<MethodKind | ChosenKind>;
  /**
   * Paths as written, with their functions: `volume.host | extract_host`; the first that is set names the server. Behind
   * all there may be `$server`: otherwise the caller's option, or the topic's queue, as where there is no rule or path.
   */
  readonly server: Rules<readonly string[]>;
  /**
   * Names that may have places, `cinder-volume.{volume.host}`. A rule with a place that is not set gives way to the next
   * one that holds. Empty: the service's topic.
   */
  readonly topic: Rules<string>;
  readonly params: readonly Param[];
  /** `none` where the method returns nothing. */
  readonly returns: ResultType;
  /** Names of errors. */
  readonly errors: readonly string[];
  readonly tooOld?: Refusal;
  readonly label: Rules<Version>;
  /** Milliseconds, or a profile's name. */
  readonly timeout?: number | { readonly profile: string };
  /** Milliseconds. */
  readonly heartbeat?: number;
  readonly idempotent: boolean;
  readonly priority?: number;
  readonly delivery: "at-most-once" | "at-least-once";
  readonly attempts?: number;
  readonly concurrency?: number;
  readonly deprecated?: string;
  readonly examples: readonly unknown[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly range: Range;
}

/** A refusal by the version cap with a declared error, and the values of its fields. In YAML: a name, or `{ error, fields }`. */
export interface Refusal {
  readonly error: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface ResultType {
  readonly type: Type;
  readonly description?: string;
  readonly constraints: Constraints;
}

export interface Param extends Field {
  readonly interval: Interval;
  readonly whenOlder: "drop" | "reject" | Refusal;
  readonly fill?: { readonly value: unknown };
  /** A path into the other arguments. */
  readonly from?: string;
  readonly const?: { readonly value: unknown };
  readonly local: boolean;
  readonly convert?: { readonly name: string; readonly before?: Version };
  /** Oldest first. */
  readonly was: readonly FormerParam[];
}

export interface FormerParam {
  readonly before: Version;
  readonly name?: string;
  readonly type?: Type;
  readonly convert?: string;
  readonly fill?: { readonly value: unknown };
  readonly range: Range;
}
