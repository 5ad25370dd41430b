import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What the compiler says of files which import the runtime, as `path:line: text`. */
export function typeErrors(files: ReadonlyMap<string, string>, options: ts.CompilerOptions = {}): readonly string[] {
  // In the repository, so that packages are found from there.
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  const folder = mkdtempSync(join(root, "node_modules/.cache/types-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const program = ts.createProgram(
      [...files.keys()].map((path) => join(folder, path)),
      {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.Preserve,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        types: ["node"],
        strict: true,
        noUnusedLocals: true,
        skipLibCheck: true,
        noEmit: true,
        paths: { "@rpcgen/runtime": [join(root, "src/runtime/index.ts")] },
        ...options,
      },
    );
    return ts.getPreEmitDiagnostics(program).flatMap(({ file, start = 0, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, "\n");
      if (file === undefined) return [text];
      const path = relative(folder, file.fileName);
      return path.startsWith("..") ? [] : [`${path}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${text}`];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
