import type { Range } from "./source.js";

/** What one YAML file says: plain nodes, each with its place. Nothing is interpreted yet. */
export interface Document {
  readonly path: string;
  readonly text: string;
  readonly root: Node;
}

export type Node = ScalarNode | ListNode | MapNode | HoleNode;

export type ScalarValue = string | number | bigint | boolean | null;

export interface ScalarNode {
  readonly kind: "scalar";
  /** An integer beyond 2^53 - 1 is a bigint, so that no digit is lost. */
  readonly value: ScalarValue;
  /** A plain scalar as it is written: `6.10`, where `value` is 6.1. Otherwise the value. */
  readonly text: string;
  readonly range: Range;
  /** Where `text` starts in the file, when it is there character by character; -1 otherwise. */
  readonly textStart: number;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly range: Range;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly Entry[];
  /** The same by key; the first of equal keys. */
  readonly byKey: ReadonlyMap<string, Entry>;
  /** Keys are missing that were meant to come from elsewhere, which was reported. */
  readonly partial: boolean;
  readonly range: Range;
}

/** Something that was reported while the file was read, and about which nothing more is to be said. */
export interface HoleNode {
  readonly kind: "hole";
  readonly range: Range;
}

export interface Entry {
  /** The key's text: `true`, `5.0`. */
  readonly key: string;
  readonly keyNode: ScalarNode;
  readonly value: Node;
}

/** The value at a key; undefined where the node is no map, or has no such key. */
export function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.byKey.get(key)?.value : undefined;
}

/** The entries of a map; none for everything else. */
export function entriesOf(node: Node | undefined): readonly Entry[] {
  return node?.kind === "map" ? node.entries : [];
}

/** The items of a list; none for everything else. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

/** The text of a scalar that is a string; undefined for everything else. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** The value of a scalar that is true or false; undefined for everything else. */
export function booleanOf(node: Node | undefined): boolean | undefined {
  return node?.kind === "scalar" && typeof node.value === "boolean" ? node.value : undefined;
}

/** The value of a scalar that is a number; undefined for everything else. */
export function numberOf(node: Node | undefined): number | undefined {
  return node?.kind === "scalar" && typeof node.value === "number" ? node.value : undefined;
}

/** The part `[start, end)` of a scalar's text, as a place in the file; the whole scalar where that is not exact. */
export function rangeWithin(node: ScalarNode, start: number, end: number): Range {
  if (node.textStart < 0) return node.range;
  return { path: node.range.path, start: node.textStart + start, end: node.textStart + end };
}

/** The node as plain JSON data. A key such as `__proto__` becomes an own property like any other. */
export function jsonOf(node: Node): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(jsonOf);
    case "map": {
      const value: Record<string, unknown> = {};
      for (const entry of node.byKey.values()) setOwn(value, entry.key, jsonOf(entry.value));
      return value;
    }
    case "hole":
      return null;
  }
}

/** Sets an own property, whatever its name: assigning to `__proto__` would change the prototype. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
