/**
 * What a generated client and dispatcher know of their service: one literal of plain data, made by the compiler from
 * the definition. All behaviour is in the runtime; a descriptor has names, kinds, intervals and paths.
 *
 * Every interval is half open, `[since, until)`. A missing `since` is the definition's oldest version, a missing
 * `until` is never.
 */

import type { DeclaredError, DeclaredErrorDetails } from "./errors.js";

/** `"major.minor"`, for example `"6.10"`. Always a string: as a number 6.10 would be 6.1. */
export type Version = string;

/** How a request is sent: with a reply, without one, or to every server of the topic without one. */
export type MethodKind = "call" | "cast" | "fanout";

/** A part of the definition that exists in `[since, until)`. */
export interface Interval {
  readonly since?: Version;
  readonly until?: Version;
}

export interface ServiceDescriptor {
  /** The service's name in the definition, for messages: `compute`. */
  readonly name: string;
  /** The AMQP topic on which the service listens. */
  readonly topic: string;
  /** The topic exchange; the transport's control exchange when absent. */
  readonly exchange?: string;
  /** The oslo.messaging namespace; none when absent. */
  readonly namespace?: string;
  /** Every version that the definition can speak, oldest first. */
  readonly versions: readonly Version[];
  /** Release names which a version cap may use. */
  readonly releases?: Readonly<Record<string, Version>>;
  /** Named time-out profiles; a program may override their values when it makes a client. */
  readonly timeouts?: Readonly<Record<string, TimeoutProfile>>;
  /** The declared errors by name: the classes which a client rebuilds and nothing else. */
  readonly errors?: Readonly<Record<string, ErrorDescriptor>>;
  /** Types whose values differ between program and wire (bigint inside, versioned objects), by name. */
  readonly codecs?: Readonly<Record<string, TypeCodec>>;
  readonly methods: Readonly<Record<string, MethodDescriptor>>;
  /** Tasks which the manager runs by itself. */
  readonly periodic?: Readonly<Record<string, PeriodicDescriptor>>;
}

export interface PeriodicDescriptor {
  /** The manager's member: `syncPowerStates`. */
  readonly member: string;
  /** Milliseconds between the starts of two runs. */
  readonly spacing: number;
  /** Runs at the service's start too. @default false */
  readonly runImmediately?: boolean;
}

export interface TimeoutProfile {
  /** Time to wait for the reply, in milliseconds. */
  readonly timeout: number;
  /** Call monitor: the longest silence of the server, in milliseconds. None when absent. */
  readonly heartbeat?: number;
}

/** A declared error: the generated class, which also knows its name on the wire. */
export interface ErrorDescriptor {
  /** `module.Class` as a Python peer names it. */
  readonly wireName: string;
  new (fields: never, details?: DeclaredErrorDetails): DeclaredError<object>;
}

/** A value chosen by the version cap: the first rule whose interval holds the cap is taken. A value that is a list has texts. */
export type ByVersion<T> = T | readonly (Interval & { readonly value: T })[];

/** The kind is an argument's choice: `by` names a boolean argument, which is not sent. */
export interface ChosenKind {
  readonly by: string;
  readonly true: MethodKind;
  readonly false: MethodKind;
  /** What is taken when the caller does not say. */
  readonly default?: boolean;
}

export interface MethodDescriptor extends Interval {
  readonly kind: ByVersion<MethodKind | ChosenKind>;
  /** The method's generated name in the API and the manager: `rebootInstance`. */
  readonly member: string;
  /** Former wire names, oldest first. */
  readonly was?: readonly { readonly before: Version; readonly name: string }[];
  /**
   * Paths into the arguments, in order of preference; the first that is set names the server. `$server` behind them says
   * that none has to be set: the topic's queue takes the request then.
   */
  readonly server?: ByVersion<readonly string[]>;
  /**
   * Topic rules; the service's topic when absent. A name may hold `{path.into.arguments}`; one with a place that is not
   * set gives way to the next rule that holds.
   */
  readonly topic?: ByVersion<string>;
  /** Parameters in the order of the definition, by their newest name. */
  readonly params?: Readonly<Record<string, ParamDescriptor>>;
  /** Milliseconds, or the name of a time-out profile. The client's default when absent. */
  readonly timeout?: number | string;
  /** Call monitor in milliseconds; overrides the profile's. */
  readonly heartbeat?: number;
  /** Names of the declared errors which the method may throw. */
  readonly errors?: readonly string[];
  /** The error for a client whose cap lacks the method; VersionCapError when absent. */
  readonly tooOld?: DeclaredRefusal;
  /** Overrides the computed label, where an existing service did it wrong and must be matched. */
  readonly label?: ByVersion<Version>;
  /** May be sent again after a lost connection. */
  readonly idempotent?: boolean;
  /** AMQP message priority, 0 to 9. */
  readonly priority?: number;
  readonly delivery?: "at-most-once" | "at-least-once";
  /** Deliveries in all before a message is dead-lettered; at-least-once only. */
  readonly attempts?: number;
  /** Calls of this method that one server runs at the same time. */
  readonly concurrency?: number;
  /** Paths into the arguments whose values never appear in a log, a span or an error. */
  readonly sensitive?: readonly string[];
  /** How the result differs between program and wire. */
  readonly result?: Codec;
  /** The method gives nothing back: `returns` is absent or `none`. */
  readonly returnsNothing?: boolean;
}

/**
 * A refusal by the version cap with a declared error, and the values of its fields. `$cap` stands for the version cap,
 * `$needed` for the version that the request needs.
 */
export interface DeclaredRefusal {
  readonly error: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface ParamDescriptor extends Interval {
  /** May be left out by the caller. */
  readonly optional?: boolean;
  /** What the manager sees when the argument is not on the wire. */
  readonly default?: unknown;
  /** What happens to the argument below its `since`: left out, refused (the default), or refused with a declared error. */
  readonly whenOlder?: "drop" | "reject" | DeclaredRefusal;
  /** Sent where the caller gave none; below `until`, where there is one. */
  readonly fill?: unknown;
  /** Takes its value from another argument: a path. */
  readonly from?: string;
  /** Always sends this value. */
  readonly const?: unknown;
  /** Routes the request, never sent. */
  readonly local?: boolean;
  /** The converter which makes the wire's value; `before` limits it to older versions. */
  readonly convert?: { readonly name: string; readonly before?: Version };
  /** How the parameter looked before some version, oldest first. */
  readonly was?: readonly FormerParam[];
  /** How the value differs between program and wire. */
  readonly codec?: Codec;
}

export interface FormerParam {
  readonly before: Version;
  /** The name on the wire; today's when absent. */
  readonly name?: string;
  /** The converter between today's type (`encode` makes the former) and the former one (`decode` makes today's). */
  readonly convert?: string;
  /** Sent where the caller gave no value. */
  readonly fill?: unknown;
  /** How the former type's value differs between program and wire. */
  readonly codec?: Codec;
}

/** How a value differs between program and wire. Only places with a difference have a codec. */
export type Codec =
  /** Digits of any length on the wire, a bigint in the program. */
  | "bigint"
  /** A Python int beyond 2^53 stands for a float here. */
  | "number"
  | { readonly list: Codec }
  | { readonly map: Codec }
  /** A named type of {@link ServiceDescriptor.codecs}. */
  | { readonly ref: string };

export type TypeCodec =
  | {
      /** An oslo versioned object: the envelope is made and read at the edge. */
      readonly object?: VersionedObject;
      readonly fields: Readonly<Record<string, Codec>>;
    }
  | {
      /** A discriminated union: the tag's value names the codec of the variant. */
      readonly tag: string;
      readonly variants: Readonly<Record<string, Codec>>;
    }
  /** A named type that is another with the same difference. */
  | { readonly alias: Codec };

/** Source: oslo.versionedobjects, `VersionedObject.obj_to_primitive`. */
export interface VersionedObject {
  readonly name: string;
  readonly namespace: string;
  readonly version: Version;
  /** The envelope's key prefix: `versioned_object`, or nova's `nova_object`. */
  readonly prefix: string;
}

/** Changes a value before it is sent and, on a server, back. Converters are passed where a client or dispatcher is made. */
export interface Converter<Value = never, Wire = unknown> {
  encode(value: Value): Wire;
  /**
   * Needed by a server that still serves the versions in which the converter was used.
   *
   * @param args all arguments as they came, for a value that was sent in several parts
   */
  decode?(wire: Wire, args: Readonly<Record<string, unknown>>): Value;
}
