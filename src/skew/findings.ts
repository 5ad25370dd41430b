import type { Finding } from "./result.js";

type Found = Omit<Finding, "pairs">;

/** Collects findings; the same one between other versions is one finding with more pairs. */
export class Findings {
  readonly #found = new Map<string, { readonly finding: Found; readonly servers: Map<string, Set<string>> }>();

  /** @param server undefined for what no server got */
  add(finding: Found, cap: string, server: string | undefined): void {
    const { kind, method, argument, error, message, breaksPromise } = finding;
    const key = JSON.stringify([kind, method, argument, error, message, breaksPromise]);
    const known = this.#found.get(key) ?? { finding, servers: new Map<string, Set<string>>() };
    this.#found.set(key, known);
    const servers = known.servers.get(cap) ?? new Set();
    if (server !== undefined) servers.add(server);
    known.servers.set(cap, servers);
  }

  /** All findings in the order in which they were first made, with their versions in order. */
  all(versions: readonly string[]): readonly Finding[] {
    return [...this.#found.values()].map(({ finding, servers }) => ({
      ...finding,
      pairs: versions
        .filter((cap) => servers.has(cap))
        .map((cap) => ({ cap, servers: versions.filter((server) => servers.get(cap)?.has(server) === true) })),
    }));
  }
}
