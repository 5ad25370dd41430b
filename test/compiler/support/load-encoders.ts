import * as runtime from "@rpcgen/runtime";
import { transformSync } from "esbuild";
import type { GeneratedFile } from "../../../src/compiler/index.js";

/** A function that prints a value, as generated code has it or as the runtime makes it. */
export type Printer = (value: unknown) => string;

/** What encoders.ts of a service exports, by method; undefined where there is no such file. */
export type LoadedEncoders = Readonly<
  Record<string, { readonly params?: Readonly<Record<string, Printer>>; readonly result?: Printer }>
>;

/**
 * Runs the generated encoders.ts, and what it imports.
 *
 * @param bare gives the printing functions themselves, which throw where a value does not fit
 */
export function loadEncoders(
  files: readonly GeneratedFile[],
  service: string,
  { bare = false } = {},
): LoadedEncoders | undefined {
  const ownRuntime = bare ? { ...runtime, createEncoders: (_: unknown, printers: unknown) => printers } : runtime;
  const load = (name: string): Readonly<Record<string, unknown>> | undefined => {
    const file = files.find(({ path }) => path === `${service}/${name}.ts`);
    if (file === undefined) return undefined;
    const { code } = transformSync(file.text, { loader: "ts", format: "cjs" });
    const require = (module: string): unknown =>
      module === "@rpcgen/runtime" ? ownRuntime : load(module.replace(/^\.\/(.*)\.js$/, "$1"));
    const module = { exports: {} };
    new Function("module", "exports", "require", code)(module, module.exports, require);
    return module.exports;
  };
  // The module has just been generated, with this one export.
  return load("encoders")?.["encoders"] as LoadedEncoders | undefined;
}
