import { resolve } from "node:path";
import type { Diagnostic } from "../compiler/diagnostic.js";
import { definitionOf } from "../compiler/emit/write.js";
import type { Io } from "./io.js";
import { defines, serviceOf, type WritingRun } from "./leftovers.js";
import { shownPath } from "./places.js";

/**
 * Finds services whose generated files this run would write over although another definition, which is there and is no
 * input, is what makes them: two definitions of one name, of which the last run would win.
 */
export function overwritten(run: WritingRun, existing: ReadonlyMap<string, string>, io: Io): readonly Diagnostic[] {
  const { root, out, inputs, files } = run;
  const found = new Map<string, Diagnostic>();
  const inputPaths = new Set(inputs.map((path) => realPath(path, io)));
  for (const { path, text } of files) {
    const before = definitionOf(existing.get(path) ?? "");
    const after = definitionOf(text);
    const service = serviceOf(path);
    if (before === undefined || after === undefined || before === after || found.has(service)) continue;
    const other = resolve(root, before);
    const otherPath = realPath(other, io);
    if (otherPath === undefined || inputPaths.has(otherPath) || !defines(other, service, io)) continue;
    const shown = (each: string): string => shownPath(each, io.cwd);
    found.set(service, {
      code: "output-clash",
      severity: "error",
      message: `${shown(resolve(out, path))} is made from ${shown(other)}, and ${shown(resolve(root, after))} would write over it`,
      help: "rename one of the two services, or choose another --out; delete the definition that is not needed any more",
    });
  }
  return [...found.values()];
}

/** Two names may lead to one file. Undefined where there is none. */
function realPath(path: string, { files }: Io): string | undefined {
  try {
    return files.realPath(path);
  } catch {
    return undefined;
  }
}
