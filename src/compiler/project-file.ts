import { type LintSettings, lintDefaults, type ProjectFile, projectDefaults } from "./config.js";
import type { Staged } from "./diagnostic.js";
import { child, type Document, itemsOf, jsonOf, type MapNode, type Node, textOf } from "./document.js";
import { configErrors, configSchema, type SchemaError } from "./generated/config-validator.js";
import { load } from "./load.js";
import { createReporter, type Reporter } from "./report.js";
import type { Source } from "./source.js";

/** Reads `rpcgen.yaml`. Its shape is that of `schemas/config.schema.json`; each mistake is at its place. */
export function readProjectFile(source: Source): Staged<ProjectFile> {
  const { value: document, diagnostics } = load(source);
  // A file in which everything is commented out says what no file says.
  if (diagnostics.every(({ code }) => code === "empty-file") && document === undefined) {
    return { value: projectDefaults, diagnostics: [] };
  }
  if (document === undefined) return { value: projectDefaults, diagnostics };
  const reporter = createReporter();
  for (const error of configErrors(jsonOf(document.root))) reportError(error, document, reporter);
  const all = [...diagnostics, ...reporter.diagnostics];
  return { value: all.length === 0 ? fileOf(document.root) : projectDefaults, diagnostics: all };
}

function fileOf(root: Node): ProjectFile {
  const out = textOf(child(root, "out"));
  const templates = textOf(child(root, "templates"));
  const importExtension = textOf(child(root, "importExtension"));
  const lint = child(root, "lint");
  return {
    inputs: textsOf(child(root, "inputs")),
    ...(out === undefined ? {} : { out }),
    ...(templates === undefined ? {} : { templates }),
    runtime: textOf(child(root, "runtime")) ?? projectDefaults.runtime,
    objectPrefix: textOf(child(root, "objectPrefix")) ?? projectDefaults.objectPrefix,
    importExtension: importExtension === ".ts" || importExtension === "" ? importExtension : ".js",
    ...(lint === undefined ? {} : { lint: lintSettingsOf(lint) }),
  };
}

function lintSettingsOf(node: Node): LintSettings {
  const use = child(node, "use");
  return { use: use === undefined ? lintDefaults.use : textsOf(use), except: textsOf(child(node, "except")) };
}

function textsOf(node: Node | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

const importExtensions = [".js", ".ts", ""];

function reportError({ instancePath, keyword, params }: SchemaError, { root }: Document, reporter: Reporter): void {
  let node: Node = root;
  let key = "";
  let isItem = false;
  for (const part of instancePath.split("/").slice(1)) {
    isItem = node.kind === "list";
    if (!isItem) key = key === "" ? part : `${key}.${part}`;
    node = (isItem ? itemsOf(node)[Number(part)] : child(node, part)) ?? node;
  }
  const where = key === "" ? "the project file" : isItem ? `an item of "${key}"` : `"${key}"`;
  const text = textOf(node) ?? "";
  switch (keyword) {
    case "additionalProperties": {
      const name = String(params["additionalProperty"]);
      const entry = (node as MapNode).byKey.get(name); // Only a map can have a property too many.
      const known = Object.keys((key === "lint" ? configSchema.properties?.["lint"] : configSchema)?.properties ?? {});
      reporter.report("unknown-key", entry?.keyNode.range ?? node.range, {
        key: name,
        known,
        owner: where,
        meant: undefined,
      });
      break;
    }
    case "type":
      reporter.report("wrong-type", node.range, {
        where,
        expected: typeTexts[String(params["type"])] ?? String(params["type"]),
        found: foundText(node),
        help: listKeys.has(key) && !isItem && text !== "" ? `write ${key.split(".").at(-1)}: [${text}]` : undefined,
      });
      break;
    case "enum":
      reporter.report("wrong-value", node.range, { where, value: text, allowed: importExtensions });
      break;
    case "minItems":
      reporter.report("empty-collection", node.range, { where });
      break;
    case "pattern": {
      const expected = key === "objectPrefix" ? "a name such as versioned_object" : "a name or a path";
      reporter.report("wrong-form", node.range, { where, value: text, expected });
      break;
    }
    default:
      throw new Error(`the schema of the project file uses "${keyword}", for which there is no text`);
  }
}

/** Keys where one value by itself is most often meant as a list of one. */
const listKeys: ReadonlySet<string> = new Set(["inputs", "lint.use", "lint.except"]);

const typeTexts: Readonly<Record<string, string>> = { string: "text", array: "a list", object: "a map of keys" };

function foundText(node: Node): string {
  switch (node.kind) {
    case "list":
      return "a list";
    case "map":
      return "a map";
    case "hole":
      return "something else";
    case "scalar":
      return node.value === null
        ? "nothing"
        : typeof node.value === "string"
          ? "text"
          : `the ${typeof node.value} ${node.text}`;
  }
}
