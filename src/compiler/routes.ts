import type { Method, Rules } from "./model.js";
import { inInterval } from "./versions.js";

/** Behind all paths to a server: otherwise the caller's option decides, or the topic's queue takes the request. */
export const callersServer = "$server";

/** The rule of a version. */
export function ruleAt<T>(rules: Rules<T>, version: string): T | undefined {
  return rules.find(({ interval }) => inInterval(interval, version))?.value;
}

/** The names of topics that a request of a version may go to, in their order: one with a place gives way to the next. */
export function topicsAt({ topic }: Method, version: string): readonly string[] {
  const names = topic.filter(({ interval }) => inInterval(interval, version)).map(({ value }) => value);
  const last = names.findIndex((name) => placesOf(name).length === 0);
  return last === -1 ? names : names.slice(0, last + 1);
}

/** The paths of a version that may name the server. */
export function serverPathsAt({ server }: Method, version: string): readonly string[] {
  return (ruleAt(server, version) ?? []).filter((path) => path !== callersServer);
}

/** Every path that names the server at some version. */
export function serverPaths({ server }: Method): readonly string[] {
  return [...new Set(server.flatMap(({ value }) => value))].filter((path) => path !== callersServer);
}

/** Every path in the names of topics, at any version. */
export function topicPaths({ topic }: Method): readonly string[] {
  return topic.flatMap(({ value }) => placesOf(value));
}

/** The paths in one name of a topic: `volume.host` of `cinder-volume.{volume.host}`. */
export function placesOf(topic: string): readonly string[] {
  return [...topic.matchAll(/\{([^}]*)\}/g)].map(([, path = ""]) => path.trim());
}

/** The keys of `volume.host | extract_host`: where it leads, without its functions. */
export function keysOf(path: string): readonly string[] {
  return (path.split("|")[0] ?? "")
    .trim()
    .split(".")
    .map((key) => key.trim());
}

/** The names of the functions of `volume.host | extract_host`, in the order in which they are applied. */
export function functionsOf(path: string): readonly string[] {
  return path
    .split("|")
    .slice(1)
    .map((name) => name.trim());
}

/** What a function of the runtime makes of a value; undefined for the name of a function of the user's. */
export function builtInFunction(name: string): ((value: unknown) => unknown) | undefined {
  const [, level] = /^extract_host(?:\((host|backend|pool)\))?$/.exec(name) ?? [];
  if (level === undefined && name !== "extract_host") return undefined;
  return (value) => (typeof value === "string" ? extractHost(value, level ?? "backend") : value);
}

/** A part of `node@backend#pool`, as the runtime takes it. */
function extractHost(value: string, level: string): unknown {
  const [backend = "", pool = null] = value.split("#", 2);
  if (level === "pool") return pool;
  return level === "backend" ? backend : backend.split("@", 1)[0];
}
