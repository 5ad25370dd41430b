/** Converters which the runtime has; every other name is a function that the user passes. */
export const builtInConverters: ReadonlySet<string> = new Set(["to_primitive", "extract_host", "utcnow"]);

/** Functions that a path to a server or in a topic may end in. They make a text from a text. */
export const pathFunctions: ReadonlySet<string> = new Set(["extract_host"]);
