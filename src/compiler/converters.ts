/** Converters which the runtime has; every other name is a function that the user passes. */
export const builtInConverters: ReadonlySet<string> = new Set(["to_primitive", "extract_host", "utcnow"]);

/**
 * Functions of the runtime in which a path to a server, in a topic or in `from:` may end. They make a text from a text.
 * Every name that is none of the runtime's is a function that the user passes, as for converters.
 */
export const pathFunctions: ReadonlySet<string> = new Set([
  "extract_host",
  "extract_host(host)",
  "extract_host(backend)",
  "extract_host(pool)",
]);

/** Whether the runtime has it, or would have it if it were written rightly: it is not the user's. */
export function isRuntimes(name: string): boolean {
  return builtInConverters.has(name) || pathFunctions.has(name);
}
