/** The member of an API for a wire name: `reboot_instance` becomes `rebootInstance`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
}

/** The stem of a type's name: `reboot_instance` and `reboot-instance` become `RebootInstance`. */
export function pascalCase(name: string): string {
  return name
    .split(/[_\-.]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

/** The kinds of names that a definition gives, and how each is written. */
export const namePatterns = {
  service: { pattern: /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/, like: "compute or compute_task" },
  method: { pattern: /^[A-Za-z][A-Za-z0-9_]*$/, like: "reboot_instance" },
  parameter: { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, like: "instance or block_migration" },
  field: { pattern: /^[A-Za-z_][A-Za-z0-9_.:$-]*$/, like: "host or vm_state" },
  type: { pattern: /^[A-Z][A-Za-z0-9_]*$/, like: "Instance" },
  error: { pattern: /^[A-Z][A-Za-z0-9_]*$/, like: "InstanceNotFound" },
  profile: { pattern: /^[A-Za-z][A-Za-z0-9_-]*$/, like: "long" },
  release: { pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/, like: "zed" },
  periodic: { pattern: /^[A-Za-z][A-Za-z0-9_]*$/, like: "sync_power_states" },
  converter: { pattern: /^[A-Za-z][A-Za-z0-9_]*$/, like: "flavor_to_type" },
} as const;

/** A kind of name. */
export type NameKind = keyof typeof namePatterns;

/** The name in the form that its kind asks for, when it can be made from what was written. */
export function repairName(name: string, kind: NameKind): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const repaired =
    kind === "type" || kind === "error"
      ? words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("")
      : words.join("_").toLowerCase();
  return namePatterns[kind].pattern.test(repaired) && repaired !== name ? repaired : undefined;
}

/** Longer names only arise by mistake, and an AMQP name has 255 bytes for topic and server together. */
export const longestName = 100;

/** Every object has these, so that a table of names cannot tell a definition's entry from them. */
export const dangerousNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Members that a manager or an API has already, with who has them. */
export const takenMembers: ReadonlyMap<string, string> = new Map([
  ...["initHost", "preStart", "postStart", "cleanupHost", "reset"].map(
    (name) => [name, "is a hook that the service host calls on every manager"] as const,
  ),
  ["canSend", "is a member of every generated API"],
  ["pin", "is a member of every generated API"],
  ["then", "would make the API look like a promise, and await would call it"],
  ...["toString", "toLocaleString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toJSON"].map(
    (name) => [name, "is a member of every JavaScript object"] as const,
  ),
]);

/** Arguments that a Python server's method cannot take, because it has parameters of that name already. WIRE: a TypeError there. */
export const pythonTaken: ReadonlySet<string> = new Set(["self", "ctxt", "context"]);

/** Words that cannot be the name of a Python parameter. */
export const pythonKeywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Type names which generated code gets from elsewhere: the language, its library, the runtime. */
export const takenTypes: ReadonlyMap<string, string> = new Map([
  ...(
    "Array ArrayBuffer BigInt Boolean Date Error Function Map Number Object Promise PromiseLike Proxy Readonly ReadonlyArray " +
    "Record Partial Required Pick Omit Exclude Extract NonNullable Parameters ReturnType Awaited RegExp Set String Symbol " +
    "Uint8Array WeakMap WeakSet AbortSignal Buffer"
  )
    .split(" ")
    .map((name) => [name, "is a name of TypeScript's own library"] as const),
  ...(
    "CallOptions CanSend CastOptions Context Converter DeclaredError DeclaredErrorDetails Dispatcher DispatcherOptions " +
    "Encoders ManagerHooks PinName Pinned RequestContext RPCClient RPCClientOptions ServiceDescriptor Transport Validators"
  )
    .split(" ")
    .map((name) => [name, "is a name of the runtime which generated code imports"] as const),
]);
