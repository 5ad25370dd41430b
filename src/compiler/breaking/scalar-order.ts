import type { Scalar, Type } from "../model.js";
import type { TypeLookup } from "../types.js";

/** Which values one type has and the other has not. */
export interface Relation {
  readonly widens: boolean;
  readonly narrows: boolean;
  /** One is a number in TypeScript and the other a bigint. */
  readonly isBigint: boolean;
}

/** Scalars whose every value, as it is on the wire, is one of another scalar too. */
const withinScalars: Readonly<Partial<Record<Scalar, readonly Scalar[]>>> = {
  integer: ["number", "bigint"],
  datetime: ["string"],
  date: ["string"],
  uuid: ["string"],
  bytes: ["string"],
};

/** Compares two types that are no aliases, no names of the same kind and not both lists or maps. */
export function relationOf(previous: Type, current: Type, before: TypeLookup, now: TypeLookup): Relation {
  const isBigint =
    isKind(previous, "bigint") !== isKind(current, "bigint") && isInteger(previous) && isInteger(current);
  return {
    widens: !isWithin(current, previous, now),
    narrows: !isWithin(previous, current, before),
    isBigint,
  };
}

/** Whether every value of one type is one of the other, as far as that can be said without looking inside. */
function isWithin(type: Type, other: Type, lookup: TypeLookup): boolean {
  if (isKind(other, "any")) return true;
  if (type.kind === "scalar" && other.kind === "scalar") {
    return type.scalar === other.scalar || withinScalars[type.scalar]?.includes(other.scalar) === true;
  }
  const named = type.kind === "ref" ? lookup(type.name) : undefined;
  if (named?.kind === "enum") return isKind(other, "string");
  // Objects take fields that nobody knows, so only a map of anything holds them all.
  if (named?.kind === "object" && named.object === undefined)
    return other.kind === "map" && isKind(other.values, "any");
  return false;
}

function isKind(type: Type, scalar: Scalar): boolean {
  return type.kind === "scalar" && type.scalar === scalar;
}

function isInteger(type: Type): boolean {
  return isKind(type, "integer") || isKind(type, "bigint");
}
