import type { Param } from "../compiler/model.js";
import { builtInFunction } from "../compiler/routes.js";
import { canonical } from "./canonical.js";
import { knownAt } from "./grown.js";
import type { Sampler } from "./samples.js";
import { isUsers, madeUp, shapeAt, typeIn } from "./shapes.js";

/** A converter as the runtime takes one. */
export interface SkewConverter {
  encode(value: unknown): unknown;
  decode?(wire: unknown): unknown;
}

/**
 * The values that a parameter takes in a run, each in every shape that the parameter has had. What a user's converter
 * does is not known, so its former value is made up, and the table says which belongs to which, in both directions.
 */
export class ParamValues {
  readonly #param: Param;
  readonly #sampler: Sampler;
  /** By the text of today's value. */
  readonly #rows = new Map<string, readonly unknown[]>();

  constructor(param: Param, sampler: Sampler) {
    this.#param = param;
    this.#sampler = sampler;
  }

  /** A value that a caller gives. */
  add(value: unknown): void {
    if (value !== undefined) this.#row(value);
  }

  /** The values that the definition gives where a caller gave none. */
  addFills(): void {
    this.add(this.#param.fill?.value);
    this.#param.was.forEach(({ fill }, shape) => {
      if (fill !== undefined) this.todayOf(shape, fill.value);
    });
  }

  /** One of today's values in a shape. */
  in(shape: number, value: unknown): unknown {
    return this.#row(value)[shape];
  }

  /** One of today's values as a client at a cap sends it, where no converter makes something else of it. */
  knownAt(cap: string, value: unknown): unknown {
    const { type, was } = this.#param;
    if (was[shapeAt(was, cap)]?.convert !== undefined) return value;
    return knownAt(value, type, cap, this.#sampler.lookup);
  }

  /** Today's value for one of a shape of the past, which the definition gives: a `fill`. */
  todayOf(shape: number, former: unknown): unknown {
    if (this.#param.was[shape]?.convert === undefined) return former;
    const text = canonical(former);
    for (const row of this.#rows.values()) if (canonical(row[shape]) === text) return row.at(-1);
    const today = this.#sampler.of({ ...this.#param, examples: [] }, this.#rows.size + 3);
    const row = this.#row(today).map((value, index) => (index === shape ? former : value));
    this.#rows.set(canonical(today), row);
    return today;
  }

  /** Makes a former shape from today's value, or from that of another shape between, and back. */
  converter(from: number, to: number): SkewConverter {
    const find = (value: unknown, column: number, wanted: number): unknown => {
      const text = canonical(value);
      for (const row of this.#rows.values()) if (canonical(row[column]) === text) return row[wanted];
      // Nobody gave it: a converter would do something unknown to it, and must not hide that by doing nothing.
      return { "not a value of the caller": value };
    };
    return { encode: (value) => find(value, from, to), decode: (wire) => find(wire, to, from) };
  }

  #row(value: unknown): readonly unknown[] {
    const text = canonical(value);
    const known = this.#rows.get(text);
    if (known !== undefined) return known;
    const number = this.#rows.size;
    const row = [...this.#param.was.map((_, shape) => this.#former(shape, value, number)), value];
    this.#rows.set(text, row);
    return row;
  }

  #former(shape: number, value: unknown, number: number): unknown {
    const { was, name } = this.#param;
    const convert = was[shape]?.convert;
    if (convert === undefined || value === null) return value;
    const builtIn = builtInFunction(convert);
    if (builtIn !== undefined) return builtIn(value);
    if (convert === "utcnow") return madeUp;
    if (!isUsers(convert)) return value;
    const type = typeIn(this.#param, shape);
    const isUntyped = type.kind === "scalar" && type.scalar === "any";
    return isUntyped
      ? { [`${name} by ${convert}`]: number }
      : this.#sampler.of({ name: `former-${name}`, type }, number);
  }
}
