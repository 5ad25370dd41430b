import type { Method, Param, Service } from "../compiler/model.js";
import { builtInFunction, functionsOf, serverPaths, topicPaths } from "../compiler/routes.js";
import { ParamValues, type SkewConverter } from "./param-values.js";
import { type PastService, serviceAt } from "./past.js";
import { givenValue } from "./promise.js";
import { remembered } from "./remembered.js";
import { Sampler } from "./samples.js";
import { type Args, Scenarios } from "./scenarios.js";

/** Everything about a service that a run decides once. */
export class World {
  readonly service: Service;
  readonly versions: readonly string[];
  /** The definition as it was, by version. */
  readonly past: ReadonlyMap<string, PastService>;
  /** The definition of the newest version, with converters of ours. */
  readonly today: PastService;
  readonly converters: Record<string, SkewConverter> = {};
  readonly #sampler: Sampler;
  readonly #values = new Map<Param, ParamValues>();
  readonly #scenarios = new Map<Method, Scenarios>();
  readonly #numbers = new Map<Args, number>();

  constructor(service: Service) {
    this.service = service;
    this.#sampler = new Sampler(service);
    this.versions = service.versions.map(({ version }) => version);
    for (const name of pathFunctionsOf(service)) this.converters[name] = { encode: (value) => value };
    const past = this.versions.map((version) => [version, serviceAt(service, version, this)] as const);
    this.past = new Map(past);
    this.today = past.at(-1)?.[1] ?? { service, methods: [] };
  }

  scenarios(method: Method): Scenarios {
    return remembered(this.#scenarios, method, () => {
      const scenarios = new Scenarios(method, this.#sampler);
      // Before anything is sent: a converter knows the values that a caller gives and no others.
      for (const param of method.params) {
        const values = this.valuesOf(param);
        for (const args of scenarios.each) values.add(givenValue(param, args, method));
        values.addFills();
      }
      return scenarios;
    });
  }

  readonly valuesOf = (param: Param): ParamValues =>
    remembered(this.#values, param, () => new ParamValues(param, this.#sampler));

  /** Different for different arguments. */
  argsNumber(args: Args): number {
    return remembered(this.#numbers, args, () => this.#numbers.size);
  }

  between(method: Method, param: Param, from: number, to: number): string {
    const name = `${method.name}.${param.name} ${from} to ${to}`;
    this.converters[name] = this.valuesOf(param).converter(from, to);
    return name;
  }

  box(converter: string): string {
    const key = `by ${converter}`;
    this.converters[key] = {
      encode: (value) => ({ [key]: value }),
      decode: (wire) => (typeof wire === "object" && wire !== null ? Reflect.get(wire, key) : wire),
    };
    return key;
  }

  valueIn(_: Method, param: Param, shape: number, value: unknown): unknown {
    return this.valuesOf(param).in(shape, value);
  }
}

/** The functions of the user in which paths end: they take what is there as it is. */
function pathFunctionsOf({ methods }: Service): ReadonlySet<string> {
  const paths = methods.flatMap((method) => [
    ...serverPaths(method),
    ...topicPaths(method),
    ...method.params.flatMap(({ from }) => (from === undefined ? [] : [from])),
  ]);
  return new Set(paths.flatMap(functionsOf).filter((name) => builtInFunction(name) === undefined));
}
