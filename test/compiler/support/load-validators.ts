import type { GeneratedFile } from "../../../src/compiler/index.js";

/** A validator as generated code has it. */
export interface LoadedValidator {
  (value: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly keyword: string; readonly message?: string }[] | null;
}

/** Runs the generated validators.ts alone: nothing is there for it to import. */
export async function loadValidators(
  files: readonly GeneratedFile[],
  service: string,
): Promise<Readonly<Record<string, LoadedValidator>>> {
  const file = files.find(({ path }) => path === `${service}/validators.ts`);
  if (file === undefined) {
    throw new Error(`no validators of ${service}`);
  }
  // The only types in the file: its import and the type of its export.
  const code = file.text
    .replace(/^import type .*$/m, "")
    .replace("export const validators: Validators =", "export const validators =");
  // The module has just been generated, with this one export.
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly validators: Readonly<Record<string, LoadedValidator>>;
  };
  return module.validators;
}
