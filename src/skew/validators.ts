import type { Validator, Validators } from "@rpcgen/runtime";
import { oldestVersion, requestOf } from "../compiler/emit/shape.js";
import { validatorsOf } from "../compiler/emit/validators.js";
import type { Method, Service } from "../compiler/model.js";
import { canonical } from "./canonical.js";
import type { PastService } from "./past.js";

/**
 * The validators of servers of several versions. What they check differs in few methods, so each shape of a method is
 * printed once and all together, by the code that prints them for `generate`.
 */
export function validatorsFor(today: Service, past: readonly PastService[]): ReadonlyMap<PastService, Validators> {
  const shapes = new Map<string, Method>();
  const names = past.map((one) => {
    const entries = one.methods.map(({ method }) => {
      const shape = shapeOf(one.service, method);
      const text = canonical(
        shape.params.map(({ name, type, constraints, optional }) => [name, type, constraints, optional]),
      );
      const known = shapes.get(text) ?? { ...shape, name: `shape${shapes.size}` };
      shapes.set(text, known);
      return [method.name, known.name] as const;
    });
    return [one, entries] as const;
  });
  const table = evaluate({ ...today, methods: [...shapes.values()] });
  const validatorsOfOne = (entries: readonly (readonly [string, string])[]): Validators =>
    Object.fromEntries(
      entries.flatMap(([method, name]) => {
        const validator = table[name];
        return validator === undefined ? [] : [[method, validator]];
      }),
    );
  return new Map(names.map(([one, entries]) => [one, validatorsOfOne(entries)]));
}

/** The method as if it had always looked as it does at its service's newest version. */
function shapeOf(service: Service, method: Method): Method {
  const interval = { since: oldestVersion(service) };
  const params = requestOf(service, method).map(({ param, optional }) => {
    const { default: _, ...rest } = param;
    return { ...rest, optional, interval };
  });
  return { ...method, interval, params };
}

/** The printed functions are ours, from definitions that the compiler has checked, as in a generated file. */
function evaluate(service: Service): Readonly<Record<string, Validator>> {
  const { code, methods } = validatorsOf(service);
  const make = new Function(`"use strict";\n${code}\nreturn {\n${methods.join("\n")}\n};`);
  // A function that is made from text has no type; the template of validators.ts has the same table.
  return make() as Record<string, Validator>;
}
