// Turns templates/ into src/compiler/generated/templates.ts and docs-templates.ts, so that a run of rpcgen loads
// handlebars' small runtime and compiles no template. Run it after each change of a template; a test says when it was forgotten.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";

const root = fileURLToPath(new URL("../", import.meta.url));

/** The same options with which rpcgen compiles a user's templates. */
export const templateOptions = { noEscape: true, strict: true, knownHelpersOnly: true };

/** The files that are made, with the folders of the templates that each holds. */
export const precompiledFiles = {
  "src/compiler/generated/templates.ts": ["", "partials/"],
  "src/compiler/generated/docs-templates.ts": ["docs/", "docs/partials/"],
};

export function precompiledTemplates(folders) {
  const names = folders.flatMap((folder) =>
    readdirSync(`${root}templates/${folder}`)
      .filter((name) => name.endsWith(".hbs"))
      .map((name) => `${folder}${name}`),
  );
  const entries = names.sort().map((name) => {
    const text = readFileSync(`${root}templates/${name}`, "utf8");
    return `  ${JSON.stringify(name)}: ${Handlebars.precompile(text, templateOptions)},\n`;
  });
  return `// Made from templates/ by scripts/precompile-templates.mjs. DO NOT EDIT.
// biome-ignore-all lint: printed by handlebars
// biome-ignore-all format: printed by handlebars
// biome-ignore-all assist: printed by handlebars
// @ts-nocheck

/** The templates that rpcgen ships, compiled, by their path in \`templates/\`. */
export const templates: Readonly<Record<string, TemplateSpecification>> = {
${entries.join("")}};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, folders] of Object.entries(precompiledFiles)) {
    writeFileSync(`${root}${path}`, precompiledTemplates(folders));
  }
}
