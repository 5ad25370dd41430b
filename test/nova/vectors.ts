import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** One call of one method of nova's own Python class at one version cap, and what came of it. */
export interface Vector {
  readonly cls: keyof typeof defaultsByClass;
  readonly method: string;
  /** Null: the class was given no cap. */
  readonly cap: string | null;
  /** `fill` tells whether optional parameters got a value; what else there is chose between call and cast. */
  readonly variant: { readonly fill: "set" | "default" } & Readonly<Record<string, unknown>>;
  readonly sent: readonly Sent[];
  /** The class and text of the refusal. */
  readonly error: string | null;
}

/** A request of the Python class. A value `"$name"` is the one that was given for the parameter. */
export interface Sent {
  readonly kind: "call" | "cast";
  readonly wire_method: string;
  readonly topic: string;
  readonly namespace: string | null;
  readonly version: string;
  readonly server: string | null;
  readonly fanout: boolean;
  readonly opts: Readonly<Record<string, string | null>>;
  readonly args: Readonly<Record<string, unknown>>;
}

const file = new URL("./oracle.json.gz", import.meta.url);

/** All of them. */
export const vectors: readonly Vector[] = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));

const defaultsByClass = {
  ComputeAPI: new Map<string, Map<string, unknown>>(),
  ConductorAPI: new Map<string, Map<string, unknown>>(),
  ComputeTaskAPI: new Map<string, Map<string, unknown>>(),
  SchedulerAPI: new Map<string, Map<string, unknown>>(),
  BaseAPI: new Map<string, Map<string, unknown>>(),
};

// Python sends its defaults, so they can be read from what was sent where no optional parameter had a value.
for (const { cls, method, variant, sent } of vectors) {
  if (variant.fill !== "default") continue;
  const known = defaultsByClass[cls].get(method) ?? new Map<string, unknown>();
  defaultsByClass[cls].set(method, known);
  for (const [name, value] of sent.flatMap(({ args }) => Object.entries(args))) {
    if (typeof value !== "string") known.set(name, value);
  }
}

/** The default of a parameter, in a box; undefined where Python has none or never sent it. */
export function pythonDefault({ cls, method }: Vector, wireName: string): { readonly value: unknown } | undefined {
  const known = defaultsByClass[cls].get(method);
  return known?.has(wireName) === true ? { value: known.get(wireName) } : undefined;
}
