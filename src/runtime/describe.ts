import type { Dispatcher } from "./dispatcher.js";
import { majorOf, newestByMajor, type Ordinal, ordinalOf, versionOf } from "./version.js";
import { isRecord } from "./wire/envelope.js";

/**
 * The method by which every server of rpcgen describes itself, in the null namespace at version 1.0, as oslo's ping.
 * A server that does not know it, such as a Python one, answers with a failure.
 */
export const DESCRIBE = "rpcgen_describe";

/** What a server serves. */
export interface ServerDescription {
  readonly services: readonly {
    /** The service's name in its definition. */
    readonly name: string;
    readonly namespace: string | null;
    /** The newest version of each major. */
    readonly versions: readonly string[];
  }[];
}

/** A server's answer to {@link DESCRIBE}. */
export function describeServer(dispatchers: readonly Dispatcher[]): ServerDescription {
  return {
    services: dispatchers.map(({ service }) => ({
      name: service.name,
      namespace: service.namespace ?? null,
      versions: [...newestByMajor(service).values()].map(versionOf),
    })),
  };
}

/** The newest version of each major of one service in a description that came over the wire; undefined when it has none. */
export function servedVersions(
  description: unknown,
  name: string,
  namespace: string | undefined,
): ReadonlyMap<number, Ordinal> | undefined {
  const services = isRecord(description) && Array.isArray(description["services"]) ? description["services"] : [];
  const service = services
    .filter(isRecord)
    .find((entry) => entry["name"] === name && entry["namespace"] === (namespace ?? null));
  const versions = Array.isArray(service?.["versions"]) ? service["versions"] : [];
  const ordinals = versions
    .filter((version) => /^\d+\.\d+$/.test(String(version)))
    .map((version) => ordinalOf(String(version)));
  return ordinals.length === 0 ? undefined : new Map(ordinals.map((ordinal) => [majorOf(ordinal), ordinal]));
}
