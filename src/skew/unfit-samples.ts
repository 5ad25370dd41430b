import type { Validators } from "@rpcgen/runtime";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Method } from "../compiler/model.js";
import { inInterval } from "../compiler/versions.js";
import type { PastService } from "./past.js";
import { givenValue } from "./promise.js";
import { nameIn, shapeAt } from "./shapes.js";
import { validatorsFor } from "./validators.js";
import type { World } from "./world.js";

/**
 * The validators of each server. Where no value could be made that fits its own type, the method goes without: it would
 * be refused at every version, which says nothing about versions. The user is told to give an example.
 */
export function fittingValidators(world: World): {
  readonly validators: ReadonlyMap<PastService, Validators>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics = new Map<string, Diagnostic>();
  const all = validatorsFor(world.service, [...world.past.values()]);
  const validators = [...world.past].map(([version, past]) => {
    const kept = past.methods.flatMap(({ today, method }) => {
      const validate = all.get(past)?.[method.name];
      if (validate === undefined) return [];
      if (validate(argumentsAt(world, today, version))) return [[method.name, validate] as const];
      // An argument that is missing says that the definition leaves it out, and is no sample at all.
      const unfit = (validate.errors ?? []).filter(({ keyword }) => keyword !== "required");
      for (const { instancePath, message = "does not fit" } of unfit) {
        const name = instancePath.split("/")[1] ?? "";
        const param = today.params.find((one) => one.name === name || one.was.some((former) => former.name === name));
        diagnostics.set(`${today.name} ${name}`, {
          code: "no-sample",
          severity: "warning",
          message: `no value could be made for "${today.name}.${name}": what was made ${message}`,
          help: "give it an example; until then servers do not check the arguments of this method",
          range: param?.range ?? today.range,
        });
      }
      return unfit.length === 0 ? [[method.name, validate] as const] : [];
    });
    return [past, Object.fromEntries(kept)] as const;
  });
  return { validators: new Map(validators), diagnostics: [...diagnostics.values()] };
}

/** Everything that a manager of a version can be given. */
function argumentsAt(world: World, method: Method, version: string): object {
  const all = world.scenarios(method).all;
  const args = method.params.flatMap((param) => {
    const value = givenValue(param, all, method);
    if (param.local || !inInterval(param.interval, version) || value === undefined) return [];
    const shape = shapeAt(param.was, version);
    const seen = world.valuesOf(param).in(shape, value);
    return typeof seen === "symbol" ? [] : [[nameIn(param, shape), seen] as const];
  });
  return Object.fromEntries(args);
}
