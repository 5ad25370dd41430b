import type { Constraints } from "../model.js";
import { valueText } from "./texts.js";

/** A limit that has moved. */
export interface ConstraintChange {
  readonly word: string;
  readonly before: string;
  readonly after: string;
  readonly widens: boolean;
  readonly narrows: boolean;
}

/** What differs between the constraints of a type in two states. */
export function compareConstraints(before: Constraints, now: Constraints): readonly ConstraintChange[] {
  const changes: ConstraintChange[] = [];
  const add = (word: string, from: string, to: string, widens: boolean, narrows: boolean): void => {
    if (widens || narrows) changes.push({ word, before: from, after: to, widens, narrows });
  };
  for (const [inclusive, exclusive, sign] of bounds) {
    const a = boundOf(before, inclusive, exclusive, sign);
    const b = boundOf(now, inclusive, exclusive, sign);
    const order = compareBounds(a, b);
    add(inclusive, boundText(a), boundText(b), order > 0, order < 0);
  }
  for (const [word, sign] of sizes) {
    const [a, b] = [before[word], now[word]];
    if (a === b) continue;
    const isTighter = b !== undefined && (a === undefined || sign * Number(b) > sign * Number(a));
    add(word, limitText(word, a), limitText(word, b), !isTighter, isTighter);
  }
  for (const word of ["pattern", "format"]) {
    const [a, b] = [before[word], now[word]];
    // Whether one pattern has all texts of another cannot be told, so another one counts as both.
    if (a !== b) add(word, limitText(word, a), limitText(word, b), a !== undefined, b !== undefined);
  }
  const [a, b] = [before["multipleOf"], now["multipleOf"]];
  if (a !== b) {
    const widens = a !== undefined && !isMultiple(b, a);
    const narrows = b !== undefined && !isMultiple(a, b);
    add("multipleOf", limitText("multipleOf", a), limitText("multipleOf", b), widens, narrows);
  }
  if ((before["uniqueItems"] === true) !== (now["uniqueItems"] === true)) {
    const isUnique = now["uniqueItems"] === true;
    add("uniqueItems", isUnique ? "none" : "uniqueItems", isUnique ? "uniqueItems" : "none", !isUnique, isUnique);
  }
  compareValues(before["enum"], now["enum"], add);
  return changes;
}

const bounds = [
  ["minimum", "exclusiveMinimum", 1],
  ["maximum", "exclusiveMaximum", -1],
] as const;

/** Sizes, and whether a larger number is tighter. */
const sizes = [
  ["minLength", 1],
  ["maxLength", -1],
  ["minItems", 1],
  ["maxItems", -1],
  ["minProperties", 1],
  ["maxProperties", -1],
] as const;

interface Bound {
  readonly word: string;
  readonly limit: number | bigint;
  readonly isExclusive: boolean;
  /** 1 for a lower bound, -1 for an upper one. */
  readonly sign: 1 | -1;
}

/** The tighter one of a bound in its two forms; undefined where there is none. */
function boundOf(constraints: Constraints, inclusive: string, exclusive: string, sign: 1 | -1): Bound | undefined {
  const of = (word: string, isExclusive: boolean): Bound | undefined => {
    const limit = constraints[word];
    return typeof limit === "number" || typeof limit === "bigint" ? { word, limit, isExclusive, sign } : undefined;
  };
  const [a, b] = [of(inclusive, false), of(exclusive, true)];
  return compareBounds(a, b) < 0 ? b : a;
}

/** Below 0 where the second is tighter. */
function compareBounds(a: Bound | undefined, b: Bound | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  if (a.limit < b.limit) return -a.sign;
  if (a.limit > b.limit) return a.sign;
  return Number(a.isExclusive) - Number(b.isExclusive);
}

function boundText(bound: Bound | undefined): string {
  return bound === undefined ? "none" : limitText(bound.word, bound.limit);
}

function limitText(word: string, limit: unknown): string {
  return limit === undefined ? "none" : `${word} ${valueText(limit)}`;
}

function isMultiple(value: unknown, of: unknown): boolean {
  const quotient = Number(value) / Number(of);
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function compareValues(
  before: unknown,
  now: unknown,
  add: (word: string, from: string, to: string, widens: boolean, narrows: boolean) => void,
): void {
  const keys = (list: readonly unknown[]): ReadonlySet<string> => new Set(list.map(keyOf));
  const [a, b] = [Array.isArray(before) ? keys(before) : undefined, Array.isArray(now) ? keys(now) : undefined];
  const lacks = (all: ReadonlySet<string> | undefined, some: ReadonlySet<string> | undefined): boolean =>
    some !== undefined && (all === undefined || [...all].some((value) => !some.has(value)));
  if (a === undefined && b === undefined) return;
  add("enum", limitText("enum", before), limitText("enum", now), lacks(b, a), lacks(a, b));
}

function keyOf(value: unknown): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
