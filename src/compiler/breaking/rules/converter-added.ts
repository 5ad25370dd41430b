import { builtInConverters } from "../../converters.js";
import type { Method, Param } from "../../model.js";
import type { Rule } from "../finding.js";

/** Programs must pass a function which they did not need. */
export const converterAdded: Rule = {
  id: "converter-added",
  category: "SOURCE",
  purpose: "Programs must pass a function which they did not need.",
  explanation:
    "Each name in convert is a function of yours: the constructors ask for it, and programs without it do not compile.",
  check: {
    service: (pair) => {
      const known = convertersOf(pair.previous.methods);
      return [...convertersOf(pair.current.methods)].flatMap(([name, param]) =>
        known.has(name)
          ? []
          : [
              {
                service: pair.current.name,
                subject: `converters.${name}`,
                message: `programs must pass the converter ${name}`,
                at: { current: param.range },
                needs: "none" as const,
              },
            ],
      );
    },
  },
};

/** The converters of the user, with the first parameter that has each. */
function convertersOf(methods: readonly Method[]): ReadonlyMap<string, Param> {
  const found = new Map<string, Param>();
  for (const param of methods.flatMap(({ params }) => params)) {
    for (const name of [param.convert?.name, ...param.was.map(({ convert }) => convert)]) {
      if (name !== undefined && !builtInConverters.has(name) && !found.has(name)) found.set(name, param);
    }
  }
  return found;
}
