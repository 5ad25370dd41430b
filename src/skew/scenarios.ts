import { argsOf } from "../compiler/emit/shape.js";
import type { Method, Param } from "../compiler/model.js";
import { keysOf, serverPaths, topicPaths } from "../compiler/routes.js";
import { compareVersions, inInterval } from "../compiler/versions.js";
import { canonical } from "./canonical.js";
import type { Sampler } from "./samples.js";

/** The arguments of one request, as a caller of today's client gives them. */
export type Args = Readonly<Record<string, unknown>>;

/** What callers may give to a method: everything, the least, and the least with one more argument. */
export class Scenarios {
  readonly #method: Method;
  readonly #all: Args;
  readonly #required: Args;
  readonly #others: readonly Args[];

  constructor(method: Method, sampler: Sampler) {
    this.#method = method;
    const args = argsOf(method);
    const given = Object.fromEntries(args.map(({ param }) => [param.name, sampleOf(method, param, sampler)]));
    this.#all = withPaths(method, given, sampler);
    // Without what is in the topic's name there is no topic.
    const routes = new Set(placesIn(method).map(([name]) => name));
    const least = args.filter(({ name, optional }) => !optional || routes.has(name)).map(({ name }) => name);
    this.#required = pick(this.#all, least);
    const interesting = args.filter(({ param }) => !param.local && hasHistory(param, method));
    this.#others = [
      ...interesting.map(({ name }) => ({ ...this.#required, [name]: this.#all[name] })),
      ...interesting
        .filter(({ param }) => param.type.kind === "nullable")
        .map(({ name }) => ({ ...this.#required, [name]: null })),
    ];
  }

  /** Every set of arguments that is tried at a cap; each has a number that is the same at every cap. */
  at(cap: string): readonly Args[] {
    const known = this.#method.params.filter((param) => inInterval(param.interval, cap) || param.whenOlder === "drop");
    const allowed = pick(
      this.#all,
      known.map(({ name }) => name),
    );
    // Without an argument that every caller must give it is no request of a caller.
    const isWhole = Object.keys(this.#required).every((name) => Object.hasOwn(allowed, name));
    const tried = [this.#all, ...(isWhole ? [allowed] : []), this.#required, ...this.#others];
    return [...new Map(tried.map((args) => [canonical(args), args])).values()];
  }

  /** All sets that are tried at some cap, but for those which only leave arguments out. */
  get each(): readonly Args[] {
    return [this.#all, this.#required, ...this.#others];
  }

  /** Everything that a caller may give. */
  get all(): Args {
    return this.#all;
  }
}

/** Whether anything about the parameter depends on versions. */
function hasHistory({ interval, was, convert }: Param, method: Method): boolean {
  return (
    compareVersions(interval.since, method.interval.since) > 0 ||
    interval.until !== undefined ||
    was.length > 0 ||
    convert?.before !== undefined
  );
}

/** A value that is not the default: one that is lost must be missed. */
function sampleOf(method: Method, param: Param, sampler: Sampler): unknown {
  // A host's pool is what extract_host takes away.
  if ([param.convert?.name, ...param.was.map(({ convert }) => convert)].includes("extract_host")) {
    return "host@backend#pool";
  }
  const example = exampleOf(method, param.name);
  const candidates = [0, 1, 2].map((variant) => sampler.of(param, variant));
  if (example !== undefined) candidates.unshift(example);
  const avoided = param.default === undefined ? undefined : canonical(param.default.value);
  return candidates.find((value) => canonical(value) !== avoided) ?? candidates[0];
}

function exampleOf({ examples }: Method, name: string): unknown {
  for (const example of examples) {
    const params: unknown = isRecord(example) ? example["params"] : undefined;
    if (isRecord(params) && Object.hasOwn(params, name)) return params[name];
  }
  return undefined;
}

/** The arguments with something in each place where the definition looks for a host, a topic or a value. */
function withPaths(method: Method, args: Args, sampler: Sampler): Args {
  const filled: Record<string, unknown> = { ...args };
  const sources = method.params.flatMap(({ from }) => (from === undefined ? [] : [keysOf(from)]));
  for (const [name = "", ...keys] of [...serverPaths(method).map(keysOf), ...placesIn(method), ...sources]) {
    const param = method.params.find((one) => one.name === name);
    if (param !== undefined) filled[name] = sampler.withPath(param.type, filled[name], keys);
  }
  return filled;
}

/** The paths in the names of topics. */
function placesIn(method: Method): readonly (readonly string[])[] {
  return topicPaths(method).map(keysOf);
}

function pick(args: Args, names: readonly string[]): Args {
  return Object.fromEntries(Object.entries(args).filter(([name]) => names.includes(name)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
