import { type CatalogueEntry, type CatalogueKind, catalogue, catalogueKinds } from "./catalogue.js";
import { groups } from "./lint/rule.js";

/** docs/rules.md: every code with its explanation, example and fix. */
export function catalogueMarkdown(): string {
  const all = catalogue();
  const parts = catalogueKinds.map((kind) => {
    const entries = all.filter((entry) => entry.kind === kind);
    const tables = groupsOf(kind, entries).map(
      ([title, own]) => `${title === "" ? "" : `### ${title}\n\n`}${tableOf(own)}`,
    );
    return `## ${titles[kind]}\n\n${intros[kind]}\n\n${tables.join("\n")}`;
  });
  const details = [...all].sort((a, b) => (a.code < b.code ? -1 : 1)).map(detailsOf);
  return `# Diagnostics and rules

Printed by \`rpcgen explain --format markdown\`; a test says when it is out of date. \`rpcgen explain CODE\` shows one entry.

${parts.join("\n")}
## Every code

${details.join("\n")}`;
}

const titles: Readonly<Record<CatalogueKind, string>> = {
  definition: "Definitions",
  run: "Runs",
  lint: "Lint rules",
  breaking: "Breaking rules",
};

const intros: Readonly<Record<CatalogueKind, string>> = {
  definition: "What every verb finds while it reads definitions.",
  run: "What is about no place in a definition.",
  lint: "What `rpcgen lint` looks at. The rules of every group but `strict` are on by default; those with a ✎ are mended by `--fix`.",
  breaking:
    "What `rpcgen breaking` compares. In the examples the version 1.1 is new where they do not have another table of versions.",
};

const groupTitles: Readonly<Record<string, string>> = {
  wire: "wire: fails or misleads on the wire",
  versions: "versions: history that does not add up",
  names: "names: hard to use or to tell apart",
  docs: "docs: what readers are told",
  tidy: "tidy: more than is needed",
  strict: "strict: only where it is asked for",
  "": "Comments and settings",
};

function groupsOf(
  kind: CatalogueKind,
  entries: readonly CatalogueEntry[],
): readonly (readonly [string, readonly CatalogueEntry[]])[] {
  if (kind === "definition" || kind === "run") return [["", entries]];
  const names = kind === "lint" ? [...groups, ""] : [...new Set(entries.map(({ group = "" }) => group))];
  return names.map((name) => [groupTitles[name] ?? name, entries.filter(({ group = "" }) => group === name)] as const);
}

function tableOf(entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(({ code, severity, purpose, fixable }) => {
    return `| [\`${code}\`](#${code}) | ${severity} | ${prose(purpose)}${fixable === true ? " ✎" : ""} |\n`;
  });
  return `| Code | | |\n|---|---|---|\n${rows.join("")}`;
}

/** One code with all that is known of it. */
export function detailsOf(entry: CatalogueEntry): string {
  const { code, kind, severity, group, purpose, explanation, before, example, fix, language = "yaml" } = entry;
  const where = kind === "lint" || kind === "breaking" ? `${kind}${group === undefined ? "" : `, ${group}`}` : "";
  const what = kind === "breaking" ? where : [severity, where].filter(Boolean).join(", ");
  const text = explanation.startsWith(purpose) ? explanation : `${purpose} ${explanation}`;
  const parts = [
    ...(before === undefined ? [] : [`Before:\n\n${fenced(before, language)}`]),
    ...(example === undefined ? [] : [`${before === undefined ? "" : "Now:\n\n"}${fenced(example, language)}`]),
    ...(fix === undefined || fix === "" ? [] : [`Put right:\n\n${fenced(fix, language)}`]),
  ];
  return `### ${code}\n\n*${what}.* ${prose(text)}\n${parts.map((each) => `\n${each}`).join("")}`;
}

function fenced(code: string, language: string): string {
  return `\`\`\`${language}\n${code}\`\`\`\n`;
}

/** Plain text: nothing in it is Markdown or HTML. */
function prose(text: string): string {
  return text.replaceAll(/[|<*_[\]]/g, "\\$&");
}
