import { builtInConverters } from "../compiler/converters.js";
import type { Method, Param, Type } from "../compiler/model.js";
import { compareVersions } from "../compiler/versions.js";

/**
 * The shapes that a parameter has had, by number: the entries of `was`, oldest first, then today's. Values are the
 * program's, as a manager of that time would get them.
 */
export function shapeAt(was: readonly { readonly before: string }[], version: string): number {
  const index = was.findIndex(({ before }) => compareVersions(version, before) < 0);
  return index === -1 ? was.length : index;
}

/** The name that a method or parameter had in a shape. */
export function nameIn(
  { name, was }: Pick<Method, "name" | "was"> | Pick<Param, "name" | "was">,
  shape: number,
): string {
  return was[shape]?.name ?? name;
}

/** The type that a parameter had in a shape. */
export function typeIn({ type, was }: Param, shape: number): Type {
  const former = was[shape];
  return former?.type ?? (former?.convert === undefined ? type : anything);
}

const anything: Type = { kind: "scalar", scalar: "any" };

/** Stands for a value that the converter makes from nothing, such as the time. */
export const madeUp: unique symbol = Symbol("made up");

/** Whether a converter is the user's: what it does is not known here. */
export function isUsers(converter: string): boolean {
  return !builtInConverters.has(converter);
}
