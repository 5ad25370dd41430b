import type { MethodDescriptor } from "@rpcgen/runtime";
import { type AnyAPI, serverPathsOf } from "./clients.js";

/** The server to which every path in these arguments leads. */
export const argumentsHost = "host1";

/** Arguments that the cap allows: all, otherwise those that must be there. Undefined where it refuses the method. */
export function argumentsFor(method: MethodDescriptor, { canSend }: AnyAPI): Record<string, unknown> | undefined {
  const all = argumentsOf(method);
  const required = Object.entries(all).filter(([name]) => method.params?.[name]?.optional !== true);
  return [all, Object.fromEntries(required)].find((args) => canSend[method.member]?.(args));
}

/** A value for every argument that a program gives. */
export function argumentsOf(method: MethodDescriptor): Record<string, unknown> {
  const given = Object.entries(method.params ?? {}).filter(
    ([, param]) => param.from === undefined && !("const" in param),
  );
  return Object.fromEntries(given.map(([name]) => [name, valueFor(name, method)]));
}

/** A value that tells its parameter; where a path leads to the server, the server is there. */
function valueFor(name: string, method: MethodDescriptor): unknown {
  const { kind } = method;
  if (typeof kind === "object" && "by" in kind && kind.by === name) return false;
  const path = serverPathsOf(method)
    .map((each) => each.split("."))
    .find(([first]) => first === name);
  const [, ...keys] = path ?? [];
  if (path === undefined) return `the ${name}`;
  return keys.reduceRight<unknown>((value, key) => (key === "0" ? [value] : { [key]: value }), argumentsHost);
}
